import type { CallLimits } from '../../../../src/api/limits.ts';
import type { JobRequest } from '../../../../src/jobs/job.ts';
import type { Action, Fault as ArmedFault } from '../../../fake-api/faults.ts';
import type { FakeApi, FakeApiOptions } from '../../../fake-api/server.ts';
import type { Harness, HarnessOptions } from '../harness.ts';

/** The outcome of a job that runs into the fault, before the user does anything. */
export type Outcome =
  /** The job recovers without help and is saved. */
  | 'recovers'
  /** It's unknown whether a project was created, so the user is asked. */
  | 'asks'
  /** The job waits until an API key is entered. */
  | 'needs key'
  /** The job failed, and nothing was created. */
  | 'ends unpaid'
  /** The job failed after it was charged. Resuming it is free. */
  | 'ends, resumes free'
  /** The project failed on the server. */
  | 'ends'
  /** The submission was rejected. */
  | 'not started';

/** The user's action once the cause is fixed. After this action, every job is saved. */
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
  /** Registers a function that runs after the test. */
  after(end: () => Promise<void> | void): void;
}

export interface Fault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The number of create requests sent until then. The default is 1. */
  readonly creates?: number;
  /** The number of projects created, and so possibly charged, until then. The default is 1. */
  readonly projects?: number;
  readonly server?: FakeApiOptions;
  readonly harness?: HarnessOptions | ((server: FakeApi) => HarnessOptions);
  readonly request?: (harness: Harness) => Partial<JobRequest>;
  readonly arrange?: (scene: Scene) => unknown;
  /** Runs while the job is running. */
  readonly during?: (scene: Scene, job: string) => Promise<void>;
  /** Removes the cause. Faults of the fake API are removed anyway. */
  readonly fix?: (scene: Scene) => void | Promise<void>;
  /** The default depends on the outcome. */
  readonly userAction?: UserAction;
  /** The subfolder into which the job is resumed. */
  readonly resumeIn?: string;
  /** More secrets that must not be written anywhere. */
  readonly secrets?: readonly string[];
  /** False if this system lacks something that the fault needs. */
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

/** Limits in milliseconds, for faults that end in a timeout. */
export const shortLimits: CallLimits = { headers: 300, idle: 300 };

/** The sign-in page of a hotel network, sent instead of the response. */
export const captivePortal: Action = {
  kind: 'status',
  status: 200,
  html: '<!doctype html><title>Welcome</title><p>Room number?</p>',
};

/** Runs 15 minutes of retries in about a second. */
export const veryFast = 1000;
