import type { CallLimits } from '../../../../src/api/limits.ts';
import type { JobRequest } from '../../../../src/jobs/job.ts';
import type { Action, Fault as ArmedFault } from '../../../fake-api/faults.ts';
import type { FakeApi, FakeApiOptions } from '../../../fake-api/server.ts';
import type { Harness, HarnessOptions } from '../harness.ts';

/** What happens to a job that runs into the fault, before the user does anything. */
export type Outcome =
  /** It recovers without help and is saved. */
  | 'recovers'
  /** It's unknown whether a project was created, so the user is asked. */
  | 'asks'
  /** It waits until an API key is entered. */
  | 'needs key'
  /** It failed, and nothing was created. */
  | 'ends unpaid'
  /** It failed after it was paid for; resuming is free. */
  | 'ends, resumes free'
  /** The project failed on the server. */
  | 'ends'
  /** The submission was rejected. */
  | 'not started';

/** What the user does once the cause is fixed. After that every job is saved. */
export type UserAction =
  | 'enter key'
  | 'resume'
  | 'retry'
  | 'confirm created'
  | 'create again'
  | 'submit again'
  | 'none';

export interface Scene {
  readonly server: FakeApi;
  readonly harness: Harness;
  /** Runs when the test is over. */
  after(end: () => Promise<void> | void): void;
}

export interface Fault {
  readonly name: string;
  readonly outcome: Outcome;
  /** Create requests sent until then; 1 by default. */
  readonly creates?: number;
  /** Projects created, and so possibly charged, until then; 1 by default. */
  readonly projects?: number;
  readonly server?: FakeApiOptions;
  readonly harness?: HarnessOptions | ((server: FakeApi) => HarnessOptions);
  readonly request?: (harness: Harness) => Partial<JobRequest>;
  readonly arrange?: (scene: Scene) => unknown;
  /** Runs while the job does. */
  readonly during?: (scene: Scene, job: string) => Promise<void>;
  /** Removes the cause. Faults of the fake API are removed anyway. */
  readonly fix?: (scene: Scene) => void | Promise<void>;
  /** Follows from the outcome by default. */
  readonly userAction?: UserAction;
  /** Resumes into this subfolder. */
  readonly resumeIn?: string;
  /** More secrets that must not be written anywhere. */
  readonly secrets?: readonly string[];
  /** false: this system lacks what the fault needs. */
  readonly isPossible?: boolean;
}

export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly Fault[];
}

/** Arms one fault of the fake API. */
export const on =
  (operation: ArmedFault['operation'], action: Action, more: Pick<ArmedFault, 'nth' | 'times'> = {}) =>
  ({ server }: Scene): void =>
    server.control.fault({ operation, action, ...more });

export const always = { times: 'always' } as const;

/** In milliseconds, for faults that end in a timeout. */
export const shortLimits: CallLimits = { headers: 300, idle: 300 };

/** The sign-in page of a hotel network, sent instead of the response. */
export const captivePortal: Action = {
  kind: 'status',
  status: 200,
  html: '<!doctype html><title>Welcome</title><p>Room number?</p>',
};

/** Runs 15 minutes of retries in about a second. */
export const veryFast = 1000;
