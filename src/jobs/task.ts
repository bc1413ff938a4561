import type { Phase } from '../shared/phase.ts';
import type { JobProgress } from './job.ts';

/** Why a job's work ends before it is done. */
export class Halt extends Error {
  readonly why: 'stopped' | 'closing' | 'taken';
  constructor(why: 'stopped' | 'closing' | 'taken') {
    super(`The work on the job ends: ${why}`);
    this.name = 'Halt';
    this.why = why;
  }
}

/** A job that this window works on just now. */
export interface Task {
  readonly id: string;
  readonly claim: string;
  readonly approval: number;
  readonly halt: AbortController;
  /** As last seen in the ledger. */
  phase: Phase | undefined;
  progress: JobProgress | undefined;
  /** Obstacles met one after the other. */
  troubles: number;
  /** How long they have been waited out, in milliseconds. */
  troubleTime: number;
  done: Promise<void>;
}
