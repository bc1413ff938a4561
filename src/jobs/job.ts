import type { AssetInfo, AssetSource } from '../shared/asset.ts';
import type { Message, SuggestedAction } from '../shared/message.ts';
import type { Phase, RecordedPhase } from '../shared/phase.ts';
import type { Clip } from '../tools/request.ts';
import type { FieldValues, Price } from '../tools/tool.ts';

/** The user's input and the price they agreed to. Fixed at submission. */
export interface JobRequest {
  readonly tool: string;
  readonly inputs: Readonly<Record<string, AssetSource>>;
  /** The files as shown in the form, to detect changes before the upload. If absent, nothing is compared. */
  readonly seen?: Readonly<Record<string, Pick<AssetInfo, 'bytes' | 'modified'>>>;
  readonly values: FieldValues;
  /** In seconds from the start of the full file. */
  readonly clip?: Clip;
  /** Whether to upload only the part of the file that's used. */
  readonly trim: boolean;
  readonly estimate: Price;
  /** URI of the folder for the results. */
  readonly folder: string;
  /** The row of the form's draft that the job came from, so that a restored form can find its job. */
  readonly row?: string;
  /** Whether an agent submitted the job, so that it counts toward the daily limit. */
  readonly agent?: boolean;
  /** File name of the result without extension; may contain `${id}`, which is known only after the create request. */
  readonly stem: string;
}

export interface JobFailure {
  readonly message: Message;
  readonly suggestedAction?: SuggestedAction | undefined;
  readonly status?: number | undefined;
  /** Untrusted plain text. */
  readonly serverWords?: string | undefined;
  /** Whether the project may exist and still complete, so that the job can be resumed at no charge. */
  readonly resumable: boolean;
}

/** The files in a create request. */
export interface Uploads {
  /** `api-assets/…` or a URL, by input. */
  readonly references: Readonly<Record<string, string>>;
  /** Relative to the uploaded file. */
  readonly clip?: Clip;
  /** When the references were obtained. The server deletes uploads after 7 days. */
  readonly at: number;
}

/** Our record of one run of a tool. Contains IDs, paths, parameters, and phases, but never the key or a signed URL. */
export interface Job {
  readonly id: string;
  /** Shared by jobs that were submitted together. */
  readonly batch: string;
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly phase: Phase;
  readonly request: JobRequest;
  /** How often the user agreed to pay for this job. At most one create request succeeds per approval. */
  readonly approval: number;
  readonly uploads?: Uploads;
  /** Create requests sent under this approval. Another one may be sent only if all of them were refused. */
  readonly posts: number;
  /** Create requests under this approval that the server refused, so nothing was created. */
  readonly refusals: number;
  /** The server no longer had the uploaded files, so they were uploaded again; this happens only once. */
  readonly uploadedAgain?: boolean;
  readonly projectId?: string;
  /** Other projects that were created for this job and may have been charged, oldest first. */
  readonly earlierProjects?: readonly string[];
  /** The credits charged for earlier projects. */
  readonly earlierCredits?: number;
  /** For videos, an estimate until the project is complete. */
  readonly creditsCharged?: number;
  readonly createdOnServerAt?: number;
  /** Time spent waiting for this project, in milliseconds. Counted instead of measured, because clocks can jump. */
  readonly waited?: number;
  readonly endedAt?: number;
  /**
   * When the user removed the job from the list. Its record is kept for 30 days: a suspended window must not create the
   * job again, credits that agents spent still count, and a project that turns out to exist brings the job back. The
   * user's input is kept only if that can still happen.
   */
  readonly removedAt?: number;
  /** Whether the user deleted the project on the server. */
  readonly deletedOnServer?: boolean;
  /** A result that's about to get its final name. Used after a crash to find out whether it did. */
  readonly finalizing?: {
    readonly index: number;
    readonly uri: string;
    readonly bytes: number;
    /** Identifies the downloaded file. Absent in records of 0.1.0 for folders that only the editor can write to. */
    readonly stamp?: string;
  };
  /** URIs of the saved results, in the server's order. */
  readonly results: readonly string[];
  /** Identifies the file of the latest result as it was saved. */
  readonly stamp?: string;
  readonly failure?: JobFailure;
  /** Set while the job waits in its phase for the user to enter a key. No window works on it. */
  readonly blocked?: { readonly message: Message; readonly suggestedAction: SuggestedAction };
  /** A window requested a stop. The window that works on the job, or one that takes it over, stops it. */
  readonly stopRequested?: boolean;
}

/** A job as stored on disk, with the window that works on it and the marks of its latest writes. */
export interface JobRecord extends Job {
  readonly phase: RecordedPhase;
  readonly revision: number;
  /** The window that works on the job. Another window may take over once that one is gone. Each claim is unique. */
  readonly owner?: { readonly window: string; readonly claim: string };
  /** Marks of the latest writes, so that a writer can tell whether its write took effect. */
  readonly writes: readonly string[];
}

/** The progress of the current phase, known only while a window works on the job. */
export interface JobProgress {
  readonly phase: Phase;
  /** 0 to 1, absent if unknown. */
  readonly fraction?: number;
  /** How long rendering usually takes, as learned from earlier jobs. */
  readonly usualSeconds?: number;
  /** A temporary problem. The next attempt is at `retryAt`. */
  readonly trouble?: { readonly message: Message; readonly retryAt: number };
}

/**
 * A job as shown in views. `phase` is the detailed phase reported by the window that works on the job. `progress` is
 * present only if that's this window.
 */
export interface JobView extends Job {
  readonly progress?: JobProgress;
  /** Whether this window is working on the job or has worked on it. */
  readonly isHere?: true;
}

/** The user's answer for a job in the phase `unknown`. */
export type UnknownAnswer =
  /** The job was created: wait for the result and save it. */
  | { readonly projectId: string }
  /** Create the job again, with a new approval and a new charge. */
  | 'createAgain'
  | 'dismiss';

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped']);
export const isEnded = (job: Pick<Job, 'phase'>): boolean => ends.has(job.phase);
export const isActive = (job: Pick<Job, 'phase'>): boolean => !isEnded(job) && job.phase !== 'unknown';
export const isRemoved = (job: Pick<Job, 'removedAt'>): boolean => job.removedAt !== undefined;

/** Whether a create request was sent without a recorded outcome. */
export const mayHaveBeenCreated = (job: Pick<Job, 'projectId' | 'posts' | 'refusals'>): boolean =>
  job.projectId === undefined && job.posts > job.refusals;

/** The credits charged for all projects of a job, as far as known. */
export const chargedFor = ({ earlierCredits = 0, creditsCharged = 0 }: Job): number =>
  earlierCredits + creditsCharged;

/** Like {@link chargedFor}, but undefined if no charge is known. */
export const knownCharge = (job: Job): number | undefined =>
  job.creditsCharged === undefined && !job.earlierCredits ? undefined : chargedFor(job);

/**
 * The charges for a job, plus the estimate if the latest charge is unknown. The estimate doesn't count if the job ended
 * and nothing was created.
 */
export function costOf(job: Job): number {
  const isFree = isEnded(job) && job.projectId === undefined && !mayHaveBeenCreated(job);
  const isEstimated = job.creditsCharged === undefined && !isFree;
  return chargedFor(job) + (isEstimated ? job.request.estimate.credits : 0);
}

/** The start of every job ID. As text, these sort by time. */
export const timeId = (time: number): string => Math.max(0, Math.floor(time)).toString(36).padStart(9, '0');

/** Eight random characters. */
export const randomMark = (clock: { random(): number }): string =>
  Math.floor(clock.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');

/** Job IDs sort by time of submission. */
export const newJobId = (clock: { now(): number; random(): number }): string =>
  `${timeId(clock.now())}-${randomMark(clock)}`;

export const isJobId = (text: string): boolean => /^[\w-]{1,80}$/.test(text);
