import { backoff } from '../api/retry.ts';
import type { MagicHourApi, Project } from '../api/types.ts';
import type { RecordedPhase } from '../shared/phase.ts';
import { toolOf } from '../tools/index.ts';
import type { Tool } from '../tools/tool.ts';
import type { Disk } from './disk.ts';
import { isDiskFull } from './failures.ts';
import { randomMark, type JobProgress, type JobRecord } from './job.ts';
import { LostOwnershipError, type JobStore } from './jobStore.ts';
import type { JobPorts } from './ports.ts';
import { UnreadableRecordError } from './record.ts';
import type { RunTimes } from './runTimes.ts';
import { ImpossibleEvent, projectsOf, transition, type JobEvent } from './transitions.ts';

/** The dependencies of the phases, shared by all jobs. */
export interface JobContext extends JobPorts {
  readonly disk: Disk;
  readonly store: JobStore;
  readonly runTimes: RunTimes;
  /** The folder for partial downloads of results that will be saved to a folder that isn't on this disk. */
  readonly partialDownloads: string;
}

/** The reason for ending the work on a job early. */
export class AbortReason extends Error {
  readonly why: 'stopped' | 'closing' | 'taken';
  constructor(why: AbortReason['why']) {
    super(`The work on the job ends: ${why}`);
    this.name = 'AbortReason';
    this.why = why;
  }
}

/** Smaller changes in progress aren't shown. */
const visibleStep = 0.01;

/**
 * A stop and the outcome of a create request are recorded even if the run is being aborted. No other event is worth
 * waiting for.
 */
const mustBeWritten: ReadonlySet<JobEvent['type']> = new Set([
  'stopped',
  'created',
  'refused',
  'responseLost',
]);

/** A job that this window works on. */
export class JobRun {
  readonly id: string;
  readonly tool: Tool;
  /** Identifies this window's claim on the job. A new one is created each time a window takes over the job. */
  readonly claim: string;
  readonly done = Promise.withResolvers<void>();
  progress: JobProgress | undefined;
  /** The response of the poll that found the project complete, with fresh URLs. `at` is when it arrived. */
  complete?: { readonly project: Project; readonly at: number };
  /** The partial download of the current result. Removed when the run ends, because each run has its own file. */
  partial: string | undefined;
  /** Whether this run sent the create request and has waited ever since, so it knows how long the project takes. */
  createdHere = false;
  /** The number of retries of the current phase, and the total delay before them. */
  retries = { count: 0, ms: 0 };
  readonly #context: JobContext;
  readonly #approval: number;
  readonly #controller = new AbortController();
  readonly #submitted: Promise<void>;
  readonly #onProgress: () => void;
  #job: JobRecord;

  /** @param submitted nothing is recorded, and therefore nothing is created, until this resolves */
  constructor(context: JobContext, job: JobRecord, submitted: Promise<void>, onProgress: () => void) {
    this.id = job.id;
    this.tool = toolOf(job.request.tool);
    this.claim = job.owner?.claim ?? '';
    this.#context = context;
    this.#approval = job.approval;
    this.#submitted = submitted;
    this.#onProgress = onProgress;
    this.#job = job;
  }

  /** The record as stored. */
  get job(): JobRecord {
    return this.#job;
  }

  /** Aborted when the user stops the job, another window takes it over, or this window closes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether this run still owns the job. No window owns a job that has ended or waits for the user. */
  get isOurs(): boolean {
    return this.#job.owner?.claim === this.claim;
  }

  /**
   * Returns the client, or rejects if the run is aborted first. The key store may take any amount of time, for example
   * because it asks the user.
   */
  async api(): Promise<MagicHourApi> {
    const { signal } = this;
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([this.#context.api(), aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  abort(why: AbortReason['why']): void {
    this.#controller.abort(new AbortReason(why));
  }

  /** Call this when this or another window has changed the record. */
  update(job: JobRecord | undefined): void {
    if (job?.owner?.claim !== this.claim) this.abort('taken');
    else if (job.stopRequested) this.abort('stopped');
    // The progress of one phase doesn't apply to the next.
    if (job?.phase !== this.#job.phase) this.progress = undefined;
    if (job) this.#job = job;
  }

  show(progress: JobProgress): void {
    const before = this.progress;
    const isSame =
      before?.phase === progress.phase &&
      before.trouble?.retryAt === progress.trouble?.retryAt &&
      Math.abs((progress.fraction ?? -1) - (before.fraction ?? -1)) < visibleStep;
    if (isSame) return;
    this.progress = progress;
    this.#onProgress();
  }

  /**
   * Checks on disk whether the job still belongs to this window.
   * @throws LostOwnershipError
   */
  async checkOwnership(): Promise<void> {
    const job = await this.#insist(() => this.#context.store.reload(this.id));
    if (job?.owner?.claim !== this.claim) throw new LostOwnershipError(this.id);
  }

  /**
   * Records all of the events or none. Retries until they're written, because they have happened even if the disk is
   * full.
   * @throws LostOwnershipError, ImpossibleEvent, or the signal's reason if the events aren't worth waiting for
   */
  async record(...events: readonly JobEvent[]): Promise<void> {
    await this.#submitted.catch(() => {
      throw new LostOwnershipError(this.id);
    });
    const { clock } = this.#context;
    const isNeeded = events.some(({ type }) => mustBeWritten.has(type));
    try {
      const job = await this.#write(latest => {
        if (latest.owner?.claim !== this.claim) throw new LostOwnershipError(this.id);
        return events.reduce((next, event) => transition(next, event, clock.now()), latest);
      }, isNeeded);
      // The events were written, but another window has since taken over, so the next step is up to that window.
      if (job.owner && !this.isOurs) throw new LostOwnershipError(this.id);
    } catch (error) {
      const created = events.find(event => event.type === 'created');
      if (created && error instanceof LostOwnershipError) await this.#recordLate(created);
      throw error;
    }
  }

  /** Records a project whose create response came after another window had taken over, so that it isn't lost. */
  async #recordLate(created: JobEvent & { readonly type: 'created' }): Promise<void> {
    const { log, clock } = this.#context;
    log.warn(`Job ${this.id}: the response came late, with project ${created.projectId}`);
    const late: JobEvent = { ...created, type: 'createdLate', approval: this.#approval };
    const change = (job: JobRecord) =>
      projectsOf(job).includes(late.projectId) ? job : transition(job, late, clock.now());
    await this.#write(change, true).catch((error: unknown) => {
      if (!(error instanceof LostOwnershipError)) throw error;
    });
  }

  async #write(change: (job: JobRecord) => JobRecord, isNeeded: boolean): Promise<JobRecord> {
    const { store, clock } = this.#context;
    // The same mark for every attempt, because one that failed may have taken effect.
    const mark = randomMark(clock);
    return this.#insist(() => store.update(this.id, change, mark), isNeeded);
  }

  /** Retries for as long as the disk fails. */
  async #insist<T>(action: () => Promise<T>, isNeeded = false): Promise<T> {
    const { clock, log } = this.#context;
    for (let failures = 1; ; failures++) {
      try {
        return await action();
      } catch (error) {
        if (isFinal(error)) throw error;
        log.error(error instanceof Error ? error : String(error));
        const delay = backoff(failures, clock.random());
        const phase: RecordedPhase = this.#job.phase;
        const message = { key: isDiskFull(error) ? 'store.waitingFull' : 'store.waiting' } as const;
        this.show({ phase, trouble: { message, retryAt: clock.now() + delay } });
        await clock.wait(delay, isNeeded ? undefined : this.signal);
      }
    }
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof LostOwnershipError ||
  error instanceof ImpossibleEvent ||
  error instanceof UnreadableRecordError;
