import type { CallLimits } from '../../../../src/api/limits.ts';
import type { JobRequest } from '../../../../src/jobs/job.ts';
import type { Action, Fault as ArmedFault } from '../../../fake-api/faults.ts';
import type { FakeApi, FakeApiOptions } from '../../../fake-api/server.ts';
import type { Desk, DeskOptions } from '../desk.ts';

/** What becomes of a job that meets the fault, before anybody has done anything about it. */
export type Outcome =
  /** It was saved by itself. */
  | 'goes on'
  /** Nobody knows whether something was made: the person is asked. */
  | 'asks'
  /** It waits in its place until a key is entered. */
  | 'needs key'
  /** It ended, and nothing was made. */
  | 'ends unpaid'
  /** It ended after it was paid: going on costs nothing. */
  | 'ends, goes on free'
  /** The project came to a bad end at Magic Hour. */
  | 'ends'
  /** It was not taken at all. */
  | 'not started';

/** What a person does about it, once what is wrong is mended. In the end every job is saved. */
export type Cure =
  | 'enter key'
  | 'resume'
  | 'retry'
  | 'it was made'
  | 'create again'
  | 'submit again'
  | 'none';

export interface Scene {
  readonly server: FakeApi;
  readonly desk: Desk;
  /** Called when the scene is over. */
  after(end: () => Promise<void> | void): void;
}

export interface Fault {
  readonly name: string;
  readonly outcome: Outcome;
  /** Creates sent until then; 1 unless said. */
  readonly creates?: number;
  /** Projects made until then: what can be charged; 1 unless said. */
  readonly projects?: number;
  readonly server?: FakeApiOptions;
  readonly desk?: DeskOptions | ((server: FakeApi) => DeskOptions);
  readonly request?: (desk: Desk) => Partial<JobRequest>;
  readonly arrange?: (scene: Scene) => unknown;
  /** Once the job is on its way. */
  readonly during?: (scene: Scene, job: string) => Promise<void>;
  /** Takes the fault away; the fake API's own faults always end. */
  readonly mend?: (scene: Scene) => void | Promise<void>;
  /** By default what belongs to the outcome. */
  readonly cure?: Cure;
  /** Goes on in this folder, below the desk's. */
  readonly into?: string;
  /** More that must not be in anything written. */
  readonly secrets?: readonly string[];
  /** Not every system has what this takes. */
  readonly possible?: boolean;
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

/** Milliseconds, for what is to run into its time limit. */
export const quick: CallLimits = { headers: 300, idle: 300 };

/** A page that a hotel shows instead of what was asked for. */
export const portal: Action = {
  kind: 'status',
  status: 200,
  html: '<!doctype html><title>Welcome</title><p>Room number?</p>',
};

/** So fast that a quarter of an hour of trying is over in seconds. */
export const hurried = 1000;
