import type { Account } from './accounts.ts';
import type { BehaviourChange } from './behaviour.ts';
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

/** A project that was really made. */
export interface ProjectSummary {
  readonly id: string;
  readonly tool: ToolId;
  readonly status: string;
  readonly charged: number;
  readonly deleted: boolean;
  readonly body: Record<string, unknown>;
}

/** A result as the storage host serves it. */
export interface ResultSummary {
  readonly length: number;
  readonly sha256: string;
  readonly contentType: string;
}

/**
 * What a test can see and do behind the API's back. In the same process it is `(await startFakeApi()).control`; from
 * another one, {@link FakeApiControl} has the same members, each of which gives a promise (also the properties).
 */
export interface Control {
  /** Everything a client did wrong. A test's teardown should find none. */
  readonly violations: readonly Violation[];
  readonly requests: readonly RecordedRequest[];
  readonly maxConcurrent: Readonly<Peaks>;
  /** The keys that are accepted. */
  readonly keys: readonly string[];
  readonly faults: readonly ArmedFault[];

  /** The violations so far, which are forgotten: for tests that provoke one. */
  takeViolations(): readonly Violation[];
  /** The POSTs of a tool, or of all, whether or not they made anything. */
  creates(tool?: ToolId): readonly RecordedRequest[];
  /** The projects that were made, oldest first: what was paid for. */
  projects(tool?: ToolId): readonly ProjectSummary[];
  /** The files that are stored, oldest first. */
  uploads(): readonly UploadSummary[];
  /** The bytes of a stored file (of up to 64 MiB). */
  uploadedBytes(filePath: string): Uint8Array;
  /** The results a project has or will have. */
  results(projectId: string): readonly ResultSummary[];
  resultBytes(projectId: string, index?: number): Uint8Array;

  fault(fault: Fault): void;
  clearFaults(): void;
  /** Resolves when such a request is being held (or stalled), at once if one is. */
  held(operation: Operation | Group): Promise<RecordedRequest>;
  /** Lets held requests go on; returns how many there were. */
  release(operation?: Operation | Group, how?: Release): number;
  /** Resolves with the first `count` requests of that name as soon as they have ended, well or badly. */
  waitFor(operation: Operation | Group, count?: number): Promise<readonly RecordedRequest[]>;

  /** Moves a project to a status, any string. From then on the clock no longer moves it. */
  advance(projectId: string, status: string): void;
  complete(projectId: string): void;
  fail(projectId: string, code: string, message: string): void;
  cancel(projectId: string): void;
  /** Deletes it, as somebody would in the web app. */
  remove(projectId: string): void;
  /** What becomes of the next project(s). */
  plan(plan: ProjectPlan): void;

  configure(change: BehaviourChange): void;
  /** The fake API's time, in milliseconds since 1970. */
  now(): number;
  /** Lets time pass at once: renders end, URLs and files expire. */
  forward(ms: number): void;
  /** Every signed URL given out so far has expired. */
  expireUploadUrls(): void;

  account(key?: string): Account;
  setAccount(change: Partial<Omit<Account, 'id'>>, key?: string): void;
  /** Accepts a further key, for an account of its own or that of another key. */
  addKey(key: string, options?: Partial<Omit<Account, 'id'>> & { sameAs?: string }): void;
  revokeKey(key: string): void;

  /** As freshly started. Held requests are broken off. */
  reset(): void;
}

/** The same from another process. */
export type Remote<Local> = {
  readonly [Name in keyof Local]: Local[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : Promise<Local[Name]>;
};
