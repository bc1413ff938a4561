import type { Clip } from '../tools/request.ts';
import { isAtWork, isEnded, type Job, type JobFailure } from './job.ts';

/** What can happen to a job. Everything the ledger learns comes as one of these. */
export type JobEvent =
  /** A create is about to be sent. */
  | {
      readonly type: 'create';
      readonly references: Readonly<Record<string, string>>;
      readonly clip: Clip | undefined;
      readonly uploadedAt: number;
    }
  /** The create was answered with a refusal: nothing was made. */
  | { readonly type: 'refused' }
  /** The server did not know the files: what was uploaded counts no longer. */
  | { readonly type: 'filesForgotten' }
  | { readonly type: 'created'; readonly projectId: string; readonly credits: number | undefined }
  /** A create was sent and its answer is not known. */
  | { readonly type: 'responseLost' }
  | { readonly type: 'completed'; readonly credits: number | undefined }
  | { readonly type: 'placing'; readonly placing: NonNullable<Job['placing']> }
  | { readonly type: 'placed'; readonly uri: string }
  /** The announced name was never given. */
  | { readonly type: 'notPlaced' }
  | { readonly type: 'saved' }
  | { readonly type: 'failed'; readonly failure: JobFailure; readonly credits?: number | undefined }
  | { readonly type: 'blocked'; readonly blocked: NonNullable<Job['blocked']> }
  | { readonly type: 'unblocked' }
  | { readonly type: 'stopRequested' }
  /** Ended by a person while nothing was open about it. A question is not ended this way, but by `givenUp`. */
  | { readonly type: 'stopped' }
  // Answers of a person
  | { readonly type: 'givenUp' }
  | { readonly type: 'createConfirmed'; readonly projectId: string; readonly credits?: number | undefined }
  | { readonly type: 'createAgain' }
  | { readonly type: 'resumed'; readonly folder: string | undefined }
  | { readonly type: 'retried' }
  | { readonly type: 'deletedOnServer' };

type Change<J> = { -readonly [K in keyof J]?: J[K] | undefined };

/** May this job be gone on with, at no cost? */
export const isResumable = (job: Job): boolean =>
  job.projectId !== undefined &&
  !job.deletedOnServer &&
  (job.phase === 'stopped' || (job.phase === 'failed' && job.failure?.resumable === true));

/**
 * May this job be made anew, and paid anew? What may still be had is gone on with, else it would be lost; but the server
 * may no longer know it.
 */
export const isRepeatable = (job: Job): boolean =>
  (job.phase === 'failed' || job.phase === 'stopped') && (!isResumable(job) || job.failure?.status === 404);

/** Was a create sent of which nobody knows whether it was refused? */
export const mayHaveBeenCreated = (job: Job): boolean =>
  job.projectId === undefined && job.posts > job.refusals;

/** May a create be sent? At most one per approval, plus one for each that was refused. */
export const mayCreate = (job: Job): boolean =>
  job.phase === 'queued' && job.projectId === undefined && job.posts === job.refusals;

/**
 * The job after an event. Pure; `at` is the time of the event.
 * @throws ImpossibleEvent
 */
export function transition<J extends Job>(job: J, event: JobEvent, at: number): J {
  const change = changeBy(job, event, at);
  if (!change) throw new ImpossibleEvent(job, event);
  const phase = change.phase ?? job.phase;
  const atRest: Change<Job> = { stopRequested: undefined, blocked: undefined };
  const next = {
    ...job,
    ...change,
    ...(phase === 'unknown' || isEnded({ phase }) ? atRest : {}),
    endedAt: isEnded({ phase }) ? (job.endedAt ?? at) : undefined,
    updatedAt: at,
  };
  // What is undefined is not written; leave no such keys for comparisons to stumble over.
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as J;
}

/** An event that the job's phase does not allow: a bug, or a person who was faster. */
export class ImpossibleEvent extends Error {
  constructor(job: Job, event: JobEvent) {
    super(`"${event.type}" cannot happen to job ${job.id}, which is ${job.phase}`);
    this.name = 'ImpossibleEvent';
  }
}

const when = (possible: boolean, change: Change<Job>): Change<Job> | undefined =>
  possible ? change : undefined;

function changeBy(job: Job, event: JobEvent, at: number): Change<Job> | undefined {
  const { phase } = job;
  switch (event.type) {
    case 'create':
      return when(mayCreate(job) && !job.blocked && !job.stopRequested, {
        phase: 'creating',
        posts: job.posts + 1,
        references: event.references,
        uploadedClip: event.clip,
        uploadedAt: event.uploadedAt,
      });
    case 'refused':
      return when(phase === 'creating', { phase: 'queued', refusals: job.refusals + 1 });
    case 'filesForgotten':
      return when(phase === 'queued', {
        references: undefined,
        uploadedAt: undefined,
        uploadedClip: undefined,
        uploadedAgain: true,
      });
    case 'created':
      return when(phase === 'creating' || phase === 'unknown', {
        phase: 'waiting',
        projectId: event.projectId,
        creditsCharged: event.credits,
        createdOnServerAt: at,
        waitingSince: at,
      });
    case 'responseLost':
      return when(phase === 'creating', { phase: 'unknown' });
    case 'completed':
      return when(phase === 'waiting', {
        phase: 'downloading',
        creditsCharged: event.credits ?? job.creditsCharged,
      });
    case 'placing':
      return when(phase === 'downloading' && event.placing.index === job.results.length, {
        placing: event.placing,
      });
    case 'placed':
      return when(phase === 'downloading', { placing: undefined, results: [...job.results, event.uri] });
    case 'notPlaced':
      return when(phase === 'downloading', { placing: undefined });
    case 'saved':
      return when(phase === 'downloading' && !job.placing, { phase: 'saved', failure: undefined });
    case 'failed':
      return when(isAtWork(job) && phase !== 'creating', {
        phase: 'failed',
        failure: event.failure,
        creditsCharged: event.credits ?? job.creditsCharged,
      });
    case 'blocked':
      return when(isAtWork(job) && phase !== 'creating', { blocked: event.blocked });
    case 'unblocked':
      return when(isAtWork(job), { blocked: undefined });
    case 'stopRequested':
      return when(isAtWork(job), { stopRequested: true });
    case 'stopped':
      return when(isAtWork(job) && phase !== 'creating', { phase: 'stopped' });
    case 'givenUp':
      return when(phase === 'unknown', { phase: 'stopped' });
    case 'createConfirmed':
      return when(phase === 'unknown', {
        phase: 'waiting',
        projectId: event.projectId,
        creditsCharged: event.credits,
        createdOnServerAt: at,
        waitingSince: at,
      });
    case 'createAgain':
      return when(phase === 'unknown', newApproval(job));
    case 'resumed':
      return when(isResumable(job), {
        phase: 'waiting',
        waitingSince: at,
        failure: undefined,
        ...(event.folder === undefined ? {} : { request: { ...job.request, folder: event.folder } }),
      });
    case 'retried':
      return when(isRepeatable(job), {
        ...newApproval(job),
        // A person may have mended the file since.
        references: undefined,
        uploadedAt: undefined,
        uploadedClip: undefined,
      });
    case 'deletedOnServer':
      return when(job.projectId !== undefined, {
        deletedOnServer: true,
        ...(isEnded(job) ? {} : { phase: 'stopped' }),
      });
  }
}

const newApproval = (job: Job): Change<Job> => ({
  phase: 'queued',
  approval: job.approval + 1,
  posts: 0,
  refusals: 0,
  uploadedAgain: undefined,
  projectId: undefined,
  creditsCharged: undefined,
  createdOnServerAt: undefined,
  waitingSince: undefined,
  deletedOnServer: undefined,
  placing: undefined,
  results: [],
  failure: undefined,
  blocked: undefined,
  stopRequested: undefined,
});
