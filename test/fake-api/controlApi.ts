import type { Account } from './accounts.ts';
import type { BehaviorChange } from './behavior.ts';
import type { ToolId } from './catalogue.ts';
import type { ArmedFault, Fault, Release } from './faults.ts';
import type { Peaks, RecordedRequest, Violation } from './journal.ts';
import type { ProjectPlan } from './projects.ts';
import type { Group, Operation } from './routes.ts';

/** A stored upload. */
export interface UploadSummary {
  readonly filePath: string;
  readonly type: string;
  readonly extension: string;
  readonly length: number;
  readonly sha256: string;
  readonly contentType: string | undefined;
}

/** A project that was created. */
export interface ProjectSummary {
  readonly id: string;
  readonly tool: ToolId;
  readonly status: string;
  readonly charged: number;
  readonly deleted: boolean;
  readonly body: Record<string, unknown>;
}

/** A result as served by the storage host. */
export interface ResultSummary {
  readonly length: number;
  readonly sha256: string;
  readonly contentType: string;
}

/**
 * Lets a test inspect and change the fake API. In the same process, use `(await startFakeApi()).control`. In another
 * process, use {@link FakeApiControl}, which has the same members, but all of them (even properties) return promises.
 */
export interface Control {
  /** All mistakes that clients have made. There should be none in a test's teardown. */
  readonly violations: readonly Violation[];
  readonly requests: readonly RecordedRequest[];
  readonly maxConcurrent: Readonly<Peaks>;
  /** The accepted keys. */
  readonly keys: readonly string[];
  readonly faults: readonly ArmedFault[];

  /** Returns the violations so far and clears them, for tests that provoke violations. */
  takeViolations(): readonly Violation[];
  /** The create requests for a tool, or for all of them, successful or not. */
  creates(tool?: ToolId): readonly RecordedRequest[];
  /** The projects that were created and charged, oldest first. */
  projects(tool?: ToolId): readonly ProjectSummary[];
  /** The stored files, oldest first. */
  uploads(): readonly UploadSummary[];
  /** The bytes of a stored file (of up to 64 MiB). */
  uploadedBytes(filePath: string): Uint8Array;
  /** The results that a project has or will have. */
  results(projectId: string): readonly ResultSummary[];
  resultBytes(projectId: string, index?: number): Uint8Array;

  fault(fault: Fault): void;
  clearFaults(): void;
  /** Resolves when such a request is held (or stalled), or immediately if one already is. */
  held(operation: Operation | Group): Promise<RecordedRequest>;
  /** Lets held requests continue and returns how many there were. */
  release(operation?: Operation | Group, how?: Release): number;
  /** Resolves with the first `count` requests of that kind once they have ended, successfully or not. */
  waitFor(operation: Operation | Group, count?: number): Promise<readonly RecordedRequest[]>;

  /** Sets a project's status to any string. From then on, the clock no longer changes it. */
  advance(projectId: string, status: string): void;
  complete(projectId: string): void;
  fail(projectId: string, code: string, message: string): void;
  cancel(projectId: string): void;
  /** Deletes a project, as in the web app. */
  remove(projectId: string): void;
  /** Decides how the next projects end. */
  plan(plan: ProjectPlan): void;

  configure(change: BehaviorChange): void;
  /** The fake API's time, in milliseconds since 1970. */
  now(): number;
  /** Advances the time: renders finish, URLs and files expire. */
  forward(ms: number): void;
  /** Makes every signed URL that was issued so far expire. */
  expireUploadUrls(): void;

  account(key?: string): Account;
  setAccount(change: Partial<Omit<Account, 'id'>>, key?: string): void;
  /** Accepts another key, with its own account or the account of another key. */
  addKey(key: string, options?: Partial<Omit<Account, 'id'>> & { sameAs?: string }): void;
  revokeKey(key: string): void;

  /** Resets everything. Held requests are reset, too. */
  reset(): void;
}

/** The same members when called from another process. */
export type Remote<Local> = {
  readonly [Name in keyof Local]: Local[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : Promise<Local[Name]>;
};
