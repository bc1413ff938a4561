import type { Job, JobRequest, JobView } from './job.ts';

/** What a person answers to a job in phase `unknown`. */
export type UnknownAnswer =
  /** It was made: wait for it and save it. */
  | { readonly made: string }
  /** It was not made (or never mind): create again, paid again. A new approval. */
  | 'createAgain'
  /** Leave it be. */
  | 'giveUp';

/** All jobs of this machine, whichever window works on them. Views only listen; actions go through here. */
export interface Jobs {
  /** Unfinished jobs and those this window has seen end, newest first. */
  readonly current: readonly JobView[];
  get(id: string): JobView | undefined;
  /** Any job that is on record, read from disk where this window has not seen it. */
  find(id: string): Promise<JobView | undefined>;
  /** Ended jobs too, read from disk, newest first. */
  history(): Promise<readonly Job[]>;
  /** Called with the job that changed, or undefined when many did. Dispose to stop listening. */
  onDidChange(listener: (job: JobView | undefined) => void): { dispose(): void };
  /** Writes the jobs to the ledger, then starts them. Resolves once they are on disk. */
  submit(requests: readonly JobRequest[]): Promise<readonly JobView[]>;
  /** Before the create: nothing is made. After: stops waiting, the project goes on in the cloud. */
  stop(id: string): Promise<void>;
  /** Goes on with a stopped or failed job whose project exists; costs nothing. */
  resume(id: string, into?: { readonly folder: string }): Promise<void>;
  /** Runs a job again that was never made or whose project failed: a new approval, paid anew. */
  retry(id: string): Promise<void>;
  answer(id: string, answer: UnknownAnswer): Promise<void>;
  /** Permanent, on the server; the saved files stay. */
  deleteOnServer(id: string): Promise<void>;
  /** Forgets an ended job. */
  remove(id: string): Promise<void>;
  /** A key was entered: blocked jobs go on. */
  unblock(): Promise<void>;
  /** Other windows may have written: look again. Cheap. */
  refresh(): Promise<void>;
  dispose(): Promise<void>;
}
