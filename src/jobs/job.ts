import type { AssetInfo, AssetSource } from '../shared/asset.ts';
import type { Message, SuggestedAction } from '../shared/message.ts';
import type { Phase } from '../shared/phase.ts';
import type { Clip } from '../tools/request.ts';
import type { FieldValues, Price } from '../tools/tool.ts';

/** What a person asked for and agreed to pay, fixed at submission. */
export interface JobRequest {
  readonly tool: string;
  readonly inputs: Readonly<Record<string, AssetSource>>;
  /** What the person saw of their files, to notice that one was changed before it is uploaded. Absent: not compared. */
  readonly seen?: Readonly<Record<string, Pick<AssetInfo, 'bytes' | 'modified'>>>;
  readonly values: FieldValues;
  /** In seconds of the whole recording. */
  readonly clip?: Clip;
  /** Upload only the part of the recording that is used. */
  readonly trim: boolean;
  readonly estimate: Price;
  /** URI of the folder the result goes to. */
  readonly folder: string;
  /** The row of the form's draft it came from: a form that comes back finds its job by it. */
  readonly row?: string;
  /** Asked for by an agent: counts towards its daily limit. */
  readonly agent?: boolean;
  /** File name of the result without extension; may hold `${id}`, which is known only after the create. */
  readonly stem: string;
}

export interface JobFailure {
  readonly message: Message;
  readonly suggestedAction?: SuggestedAction | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  /** Untrusted plain text. */
  readonly serverWords?: string | undefined;
  /** The failure came after the project was complete or while it was waited for: going on costs nothing. */
  readonly resumable: boolean;
}

/** Our record of one run of a tool. It holds ids, paths, parameters, phases – never the key, never a signed URL. */
export interface Job {
  readonly schema: 1;
  readonly id: string;
  /** Jobs that were submitted together. */
  readonly batch: string;
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly phase: Phase;
  readonly request: JobRequest;
  /** How often a person agreed to pay for this job; at most one create is posted per approval. */
  readonly approval: number;
  /** What the create gets as files: `api-assets/…` or a URL, by input. */
  readonly references?: Readonly<Record<string, string>>;
  /** When the references were got: sent, or found among what was sent before. The server forgets uploads after 7 days. */
  readonly uploadedAt?: number;
  /** The clip relative to what was uploaded. */
  readonly uploadedClip?: Clip;
  /** Creates that were sent under this approval. One more may be sent only when every one before was refused. */
  readonly posts: number;
  /** Creates of this approval that the server answered with a refusal, so that nothing was made. */
  readonly refusals: number;
  /** The server did not know the uploaded files, so they were sent again: once is enough. */
  readonly uploadedAgain?: boolean;
  readonly projectId?: string;
  /** Estimate after a video's create, the truth once it is complete. */
  readonly creditsCharged?: number;
  readonly createdOnServerAt?: number;
  /** Since when this job is waited for: a day later the person is asked. */
  readonly waitingSince?: number;
  readonly endedAt?: number;
  /** A person had the project deleted on the server. */
  readonly deletedOnServer?: boolean;
  /** A result that is about to be given its final name: found again after a crash. */
  readonly placing?: {
    readonly index: number;
    readonly uri: string;
    readonly bytes: number;
    /** Tells the downloaded file from any other of that name. Absent where the editor does the writing. */
    readonly stamp?: string;
  };
  /** URIs of the saved results, in the server's order. */
  readonly results: readonly string[];
  readonly failure?: JobFailure;
  /** The job waits in its phase for a person (a key that was refused or is missing); nobody works on it meanwhile. */
  readonly blocked?: { readonly message: Message; readonly suggestedAction: SuggestedAction };
  /** A window asked to stop; whoever works on the job obeys. */
  readonly stopRequested?: boolean;
}

/** How far the current phase is, known only while somebody works on it. */
export interface JobProgress {
  /** Finer than the ledger's: checking, cutting and uploading start over after a crash, so the ledger says `queued`. */
  readonly phase: Phase;
  /** 0 to 1, absent where nobody can tell. */
  readonly fraction?: number;
  /** Something is in the way just now, and is tried again by itself. */
  readonly trouble?: { readonly message: Message; readonly retryAt: number };
}

/**
 * A job as views see it. `phase` is the finer one of whoever works on the job, in whichever window; `progress` is
 * there only while this window works on it.
 */
export interface JobView extends Job {
  readonly progress?: JobProgress;
  /** This window works on it or did last, be it only to find that its create was left without an answer. */
  readonly isHere?: true;
}

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped']);
export const isEnded = (job: Pick<Job, 'phase'>): boolean => ends.has(job.phase);
export const isAtWork = (job: Pick<Job, 'phase'>): boolean => !isEnded(job) && job.phase !== 'unknown';
export const wasPaid = (job: Pick<Job, 'projectId'>): boolean => job.projectId !== undefined;
