import type { AssetInfo, AssetSource } from '../shared/asset.ts';
import type { Message, SuggestedAction } from '../shared/message.ts';
import type { Phase, RecordedPhase } from '../shared/phase.ts';
import type { Clip } from '../tools/request.ts';
import type { FieldValues, Price } from '../tools/tool.ts';

/** What the user asked for and agreed to pay; fixed at submission. */
export interface JobRequest {
  readonly tool: string;
  readonly inputs: Readonly<Record<string, AssetSource>>;
  /** The files as the user saw them, to detect changes before the upload. Absent: not compared. */
  readonly seen?: Readonly<Record<string, Pick<AssetInfo, 'bytes' | 'modified'>>>;
  readonly values: FieldValues;
  /** In seconds of the full file. */
  readonly clip?: Clip;
  /** Upload only the part of the file that's used. */
  readonly trim: boolean;
  readonly estimate: Price;
  /** URI of the folder for the results. */
  readonly folder: string;
  /** The row of the form's draft it came from: a restored form finds its job by it. */
  readonly row?: string;
  /** Submitted by an agent: counts toward the daily limit. */
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
  /** The project exists and may still complete: resuming is free. */
  readonly resumable: boolean;
}

/** The files in a create request. */
export interface Uploads {
  /** By input: `api-assets/…` or a URL. */
  readonly references: Readonly<Record<string, string>>;
  /** Relative to what was uploaded. */
  readonly clip?: Clip;
  /** When the references were obtained. The server deletes uploads after 7 days. */
  readonly at: number;
}

/** Our record of one run of a tool. It holds IDs, paths, parameters, and phases; never the key or a signed URL. */
export interface Job {
  readonly id: string;
  /** Jobs that were submitted together. */
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
  /** What the earlier projects cost. */
  readonly earlierCredits?: number;
  /** An estimate while a video is being created, the actual amount once it's complete. */
  readonly creditsCharged?: number;
  readonly createdOnServerAt?: number;
  /** Time spent waiting for this project, in milliseconds. Counted, because clocks can jump. */
  readonly waited?: number;
  readonly endedAt?: number;
  /**
   * The user removed it from the list. It's kept for 30 days: a suspended window must not create it again, what agents
   * spent still counts, and a project that turns out to exist brings it back. What was entered is kept only for that.
   */
  readonly removedAt?: number;
  /** The user deleted the project on the server. */
  readonly deletedOnServer?: boolean;
  /** A result that's about to get its final name. After a crash, this shows whether it got the name. */
  readonly finalizing?: {
    readonly index: number;
    readonly uri: string;
    readonly bytes: number;
    /** Identifies the downloaded file. Absent where the editor does the writing. */
    readonly stamp?: string;
  };
  /** URIs of the saved results, in the server's order. */
  readonly results: readonly string[];
  /** Identifies the file of the latest result as it was saved. */
  readonly stamp?: string;
  readonly failure?: JobFailure;
  /** The job waits in its phase until the user enters a key; no window works on it. */
  readonly blocked?: { readonly message: Message; readonly suggestedAction: SuggestedAction };
  /** A window requested a stop. The window that works on the job carries it out, or one that takes it over. */
  readonly stopRequested?: boolean;
}

/** A job as stored on disk: with the window that works on it and the marks of its latest writes. */
export interface JobRecord extends Job {
  readonly phase: RecordedPhase;
  readonly revision: number;
  /** The window that works on the job. Another window may take over once this one is gone; each claim is unique. */
  readonly owner?: { readonly window: string; readonly claim: string };
  /** Marks of the latest writes, so that a writer can tell whether its write took effect. */
  readonly writes: readonly string[];
}

/** How far the current phase is, known only while a window works on it. */
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
 * A job as views see it. `phase` is the detailed phase reported by the window that works on it. `progress` is present
 * only if that's this window.
 */
export interface JobView extends Job {
  readonly progress?: JobProgress;
  /** This window works on it or was the last to do so. */
  readonly isHere?: true;
}

/** The user's answer for a job in the phase `unknown`. */
export type UnknownAnswer =
  /** It was created: wait for it and save it. */
  | { readonly projectId: string }
  /** Create it again, with a new approval and a new charge. */
  | 'createAgain'
  | 'dismiss';

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped']);
export const isEnded = (job: Pick<Job, 'phase'>): boolean => ends.has(job.phase);
export const isActive = (job: Pick<Job, 'phase'>): boolean => !isEnded(job) && job.phase !== 'unknown';
export const isRemoved = (job: Pick<Job, 'removedAt'>): boolean => job.removedAt !== undefined;

/** Whether a create request was sent without a recorded outcome. */
export const mayHaveBeenCreated = (job: Pick<Job, 'projectId' | 'posts' | 'refusals'>): boolean =>
  job.projectId === undefined && job.posts > job.refusals;

/** What was charged for all projects of a job, as far as it's known. */
export const chargedFor = ({ earlierCredits = 0, creditsCharged = 0 }: Job): number =>
  earlierCredits + creditsCharged;

/** The same; undefined if no charge is known. */
export const knownCharge = (job: Job): number | undefined =>
  job.creditsCharged === undefined && !job.earlierCredits ? undefined : chargedFor(job);

/** What a job costs: the amount charged, plus the estimate of a create request that wasn't refused. */
export function costOf(job: Job): number {
  const isFree = isEnded(job) && job.projectId === undefined && !mayHaveBeenCreated(job);
  const isEstimated = job.creditsCharged === undefined && !isFree;
  return chargedFor(job) + (isEstimated ? job.request.estimate.credits : 0);
}

/** The start of every job ID: sorts by time, as text. */
export const timeId = (time: number): string => Math.max(0, Math.floor(time)).toString(36).padStart(9, '0');

/** Eight random characters. */
export const randomMark = (clock: { random(): number }): string =>
  Math.floor(clock.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');

/** Sorts by time of submission. */
export const newJobId = (clock: { now(): number; random(): number }): string =>
  `${timeId(clock.now())}-${randomMark(clock)}`;

export const isJobId = (text: string): boolean => /^[\w-]{1,80}$/.test(text);
