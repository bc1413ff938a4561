import type { AssetSource } from '../shared/asset.ts';
import { findTool } from '../tools/index.ts';
import { secondsOf, type Price } from '../tools/tool.ts';
import {
  costOf,
  isActive,
  isEnded,
  mayHaveBeenCreated,
  type Job,
  type JobFailure,
  type JobRecord,
  type JobRequest,
  type Uploads,
} from './job.ts';

/** The events of a job. Every change to a record is the result of one of them. */
export type JobEvent =
  /** A create request is about to be sent. */
  | { readonly type: 'create'; readonly uploads: Uploads }
  /** The create request was refused: nothing was created. */
  | { readonly type: 'refused' }
  /** The server doesn't have the files. Upload those from the library, or if there are none, upload all again. */
  | { readonly type: 'filesForgotten' }
  | { readonly type: 'created'; readonly projectId: string; readonly credits: number | undefined }
  /** The response to a create request under this approval came after another window had taken over. */
  | {
      readonly type: 'createdLate';
      readonly projectId: string;
      readonly credits: number | undefined;
      readonly approval: number;
    }
  /** A create request was sent, and its response isn't known. */
  | { readonly type: 'responseLost' }
  /** Another `ms` milliseconds were spent waiting. */
  | { readonly type: 'waited'; readonly ms: number }
  | { readonly type: 'completed'; readonly credits: number | undefined }
  | { readonly type: 'finalizing'; readonly finalizing: NonNullable<Job['finalizing']> }
  | { readonly type: 'finalized'; readonly uri: string }
  /** The result didn't get the name that was recorded. */
  | { readonly type: 'notFinalized' }
  | { readonly type: 'saved' }
  | { readonly type: 'failed'; readonly failure: JobFailure; readonly credits?: number | undefined }
  | { readonly type: 'blocked'; readonly blocked: NonNullable<Job['blocked']> }
  | { readonly type: 'unblocked' }
  | { readonly type: 'stopRequested' }
  /** Stopped by the user. A job in the phase `unknown` ends with `dismissed` instead. */
  | { readonly type: 'stopped' }
  // The user's decisions
  | { readonly type: 'dismissed' }
  | { readonly type: 'createConfirmed'; readonly projectId: string; readonly credits?: number | undefined }
  | { readonly type: 'createAgain' }
  | { readonly type: 'resumed'; readonly folder: string | undefined }
  | { readonly type: 'retried' }
  | { readonly type: 'deletedOnServer' }
  /** The user removed the job from the list. */
  | { readonly type: 'removed' };

type Change = { -readonly [K in keyof JobRecord]?: JobRecord[K] | undefined };

/** Whether this job can be resumed at no charge. */
export const isResumable = (job: Job): boolean =>
  job.projectId !== undefined &&
  !job.deletedOnServer &&
  (job.phase === 'stopped' || (job.phase === 'failed' && job.failure?.resumable === true));

/**
 * Whether this job can be created again, with a new charge. If the job can be resumed, that's possible only if the
 * server can't find its project.
 */
export const isRetryable = (job: Job): boolean =>
  (job.phase === 'failed' || job.phase === 'stopped') && (!isResumable(job) || job.failure?.status === 404);

/** Whether a create request can be sent: at most one per approval, plus one for each that was refused. */
export const mayCreate = (job: Job): boolean =>
  job.phase === 'queued' && job.projectId === undefined && job.posts === job.refusals;

/**
 * Returns the job after an event that occurred at the time `at`. A pure function.
 * @throws ImpossibleEvent
 */
export function transition(job: JobRecord, event: JobEvent, at: number): JobRecord {
  const change = changeBy(job, event, at);
  if (!change) throw new ImpossibleEvent(job, event);
  const phase = change.phase ?? job.phase;
  const isSettled = phase === 'unknown' || isEnded({ phase });
  const next: Change = {
    ...job,
    ...change,
    ...(isSettled && { stopRequested: undefined, blocked: undefined }),
    endedAt: isEnded({ phase }) ? (job.endedAt ?? at) : undefined,
    updatedAt: at,
  };
  // No window works on the job now.
  if (isSettled || next.blocked) next.owner = undefined;
  return Object.fromEntries(
    Object.entries(next).filter(([, value]) => value !== undefined),
  ) as unknown as JobRecord;
}

/** The job's phase doesn't allow the event: either a bug, or the user acted first. */
export class ImpossibleEvent extends Error {
  constructor(job: Job, event: JobEvent) {
    super(`Job ${job.id} can't be changed by "${event.type}" in the phase "${job.phase}"`);
    this.name = 'ImpossibleEvent';
  }
}

const when = (possible: boolean, change: Change): Change | undefined => (possible ? change : undefined);

function changeBy(job: Job, event: JobEvent, at: number): Change | undefined {
  const { phase } = job;
  switch (event.type) {
    case 'create':
      return when(mayCreate(job) && !job.blocked && !job.stopRequested, {
        phase: 'creating',
        posts: job.posts + 1,
        uploads: event.uploads,
      });
    case 'refused':
      return when(phase === 'creating', { phase: 'queued', refusals: job.refusals + 1 });
    case 'filesForgotten':
      return when(phase === 'queued', {
        uploads: undefined,
        ...(hasLibraryUrl(job) ? { request: withoutLibrary(job.request) } : { uploadedAgain: true }),
      });
    case 'created':
      return when(phase === 'creating', createdBy(event, at));
    case 'createdLate':
      return when(!projectsOf(job).includes(event.projectId), {
        ...lateProject(job, event, at),
        removedAt: undefined,
      });
    case 'responseLost':
      return when(phase === 'creating', { phase: 'unknown' });
    case 'waited':
      return when(phase === 'waiting', { waited: (job.waited ?? 0) + event.ms });
    case 'completed':
      return when(phase === 'waiting', {
        phase: 'downloading',
        creditsCharged: event.credits ?? job.creditsCharged,
      });
    case 'finalizing':
      return when(phase === 'downloading' && event.finalizing.index === job.results.length, {
        finalizing: event.finalizing,
      });
    case 'finalized':
      return when(phase === 'downloading', {
        finalizing: undefined,
        results: [...job.results, event.uri],
        stamp: job.finalizing?.stamp,
      });
    case 'notFinalized':
      return when(phase === 'downloading', { finalizing: undefined });
    case 'saved':
      return when(phase === 'downloading' && !job.finalizing, { phase: 'saved' });
    case 'failed':
      return when(isActive(job) && phase !== 'creating', {
        phase: 'failed',
        failure: event.failure,
        // Magic Hour may have been unable to read a file from the library.
        request: withoutLibrary(job.request),
        creditsCharged: event.credits ?? job.creditsCharged,
      });
    case 'blocked':
      return when(isActive(job) && phase !== 'creating', { blocked: event.blocked });
    case 'unblocked':
      return when(isActive(job), { blocked: undefined });
    case 'stopRequested':
      return when(isActive(job), { stopRequested: true, blocked: undefined });
    case 'stopped':
      return when(isActive(job) && phase !== 'creating', { phase: 'stopped' });
    case 'dismissed':
      return when(phase === 'unknown', { phase: 'stopped' });
    case 'createConfirmed':
      return when(phase === 'unknown', createdBy(event, at));
    case 'createAgain':
      return when(phase === 'unknown', newApproval(job));
    case 'resumed':
      return when(isResumable(job), {
        phase: 'waiting',
        waited: undefined,
        failure: undefined,
        ...(event.folder === undefined ? {} : { request: { ...job.request, folder: event.folder } }),
      });
    case 'retried':
      return when(isRetryable(job), {
        ...newApproval(job),
        // The user may have changed the file.
        uploads: undefined,
      });
    case 'removed':
      return when(isEnded(job), { removedAt: at, ...(hasEveryResponse(job) && withoutContent(job)) });
    case 'deletedOnServer':
      return when(job.projectId !== undefined, {
        deletedOnServer: true,
        ...(isActive(job) && { stopRequested: true, blocked: undefined }),
      });
  }
}

const createdBy = (event: { projectId: string; credits?: number | undefined }, at: number): Change => ({
  phase: 'waiting',
  projectId: event.projectId,
  creditsCharged: event.credits,
  createdOnServerAt: at,
});

function lateProject(job: Job, event: JobEvent & { type: 'createdLate' }, at: number): Change {
  const isCurrent = job.approval === event.approval && job.projectId === undefined;
  if (isCurrent && job.phase === 'unknown') return createdBy(event, at);
  // The user has already dismissed it, but can resume it now.
  if (isCurrent && job.phase === 'stopped') return { ...createdBy(event, at), phase: 'stopped' };
  return {
    earlierProjects: [...(job.earlierProjects ?? []), event.projectId],
    earlierCredits: (job.earlierCredits ?? 0) + (event.credits ?? job.request.estimate.credits),
  };
}

/** The price of creating this job again. Prices may have changed since it was submitted. */
export function currentPrice({ tool: id, values, clip, estimate }: JobRequest): Price {
  const tool = findTool(id);
  const price = tool?.price(values, secondsOf(tool, values, clip));
  // Requests from an earlier version may lack values that the price depends on. An estimate that was based on the
  // file's frame rate is more exact than a lower bound.
  return price && Number.isFinite(price.credits) && (!price.from || estimate.from) ? price : estimate;
}

const newApproval = (job: Job): Change => ({
  phase: 'queued',
  request: { ...job.request, estimate: currentPrice(job.request) },
  approval: job.approval + 1,
  posts: 0,
  refusals: 0,
  uploadedAgain: undefined,
  ...(job.projectId !== undefined && {
    earlierProjects: projectsOf(job),
    earlierCredits: costOf(job),
  }),
  projectId: undefined,
  creditsCharged: undefined,
  createdOnServerAt: undefined,
  waited: undefined,
  deletedOnServer: undefined,
  finalizing: undefined,
  results: [],
  stamp: undefined,
  failure: undefined,
});

/** Whether every create request got a response, so that no late response can bring the job back. */
const hasEveryResponse = (job: Job): boolean => job.approval === 1 && !mayHaveBeenCreated(job);

/** Keeps IDs, times, and credits, but removes the user's input and all paths. */
const withoutContent = ({ request: { tool, estimate, agent } }: Job): Change => ({
  request: {
    tool,
    inputs: {},
    values: {},
    trim: false,
    estimate,
    folder: '',
    stem: '',
    ...(agent && { agent }),
  },
  uploads: undefined,
  finalizing: undefined,
  results: [],
  stamp: undefined,
  failure: undefined,
});

/** The request without library references, so that all of its files are uploaded. */
function withoutLibrary(request: JobRequest): JobRequest {
  const inputs = Object.entries(request.inputs).map(([id, source]): [string, AssetSource] => [
    id,
    source.kind === 'file' ? { kind: 'file', uri: source.uri } : source,
  ]);
  return { ...request, inputs: Object.fromEntries(inputs) };
}

const isUrl = (reference: string): boolean => /^https?:/i.test(reference);

/** The references to uploaded files, excluding URLs. */
export const uploadedFiles = ({ uploads }: Job): readonly string[] =>
  Object.values(uploads?.references ?? {}).filter(reference => !isUrl(reference));

/** Whether a file was passed as the URL of a result in the library. */
export const hasLibraryUrl = ({ request, uploads }: Job): boolean =>
  Object.entries(request.inputs).some(
    ([id, source]) => source.kind === 'file' && source.library && isUrl(uploads?.references[id] ?? ''),
  );

/** Every project that was created for a job. */
export const projectsOf = ({ earlierProjects = [], projectId }: Job): readonly string[] =>
  projectId === undefined ? earlierProjects : [...earlierProjects, projectId];
