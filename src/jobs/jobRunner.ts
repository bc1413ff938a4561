import { backoff, isTransient } from '../api/retry.ts';
import { HumanError } from '../shared/message.ts';
import type { Phase } from '../shared/phase.ts';
import { failureOf, needsKey } from './failures.ts';
import { isActive, randomMark, type JobProgress, type JobRecord } from './job.ts';
import { AbortReason, JobRun, type JobContext } from './jobRun.ts';
import { LostOwnershipError } from './jobStore.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { create } from './phases/create.ts';
import { download, dropPartialDownload, removePartialDownloads } from './phases/download.ts';
import { wait } from './phases/wait.ts';
import { transition } from './transitions.ts';

export interface JobRunnerEvents {
  readonly onProgress: (id: string) => void;
  /** This window no longer works on the job. */
  readonly onDone: (id: string) => void;
}

/** How long a temporary problem is retried before the job fails. */
const retryTimeout = 15 * 60 * 1000;
/** How long a closing window waits for the response to a create request. */
const closingTimeout = 3_000;

/** Runs this window's jobs. transitions.ts defines which events are allowed. */
export class JobRunner {
  readonly #window: string;
  readonly #context: JobContext;
  readonly #events: JobRunnerEvents;
  readonly #limiter: Limiter;
  readonly #runs = new Map<string, JobRun>();
  /** Jobs that this window has worked on, or found without a response to their create request. */
  readonly #handled = new Set<string>();
  /** Jobs that hit a bug in this window. The window leaves them alone from then on. */
  readonly #avoided = new Set<string>();
  #isClosing = false;

  constructor(window: string, context: JobContext, events: JobRunnerEvents) {
    this.#window = window;
    this.#context = context;
    this.#events = events;
    this.#limiter = createLimiter(context.maxConcurrentJobs);
    context.store.onDidChange((job, id) => this.#runs.get(id)?.update(job));
  }

  get isWorking(): boolean {
    return this.#runs.size > 0;
  }

  has(id: string): boolean {
    return this.#handled.has(id);
  }

  progressOf(id: string): JobProgress | undefined {
    return this.#runs.get(id)?.progress;
  }

  /** The phases of the jobs that this window works on, for other windows. */
  get phases(): Record<string, Phase> {
    const shown = [...this.#runs].flatMap(([id, { progress }]) =>
      progress ? [[id, progress.phase] as const] : [],
    );
    return Object.fromEntries(shown);
  }

  /** Whether this window could take over the job, according to the record it has read. */
  canTake(job: JobRecord): boolean {
    const isFree = !this.#runs.has(job.id) && !this.#avoided.has(job.id);
    return !this.#isClosing && isActive(job) && !job.blocked && isFree;
  }

  owner(claim: string): NonNullable<JobRecord['owner']> {
    return { window: this.#window, claim };
  }

  /**
   * Takes over a job that no window works on. `gone` is the owner that's no longer alive. If a create request was being
   * sent, the job becomes `unknown` instead. Does nothing if another window was faster.
   */
  async take(id: string, gone: JobRecord['owner']): Promise<void> {
    const { clock, store } = this.#context;
    const claim = randomMark(clock);
    const now = clock.now();
    try {
      const job = await store.update(id, latest => {
        if (!this.canTake(latest) || latest.owner?.claim !== gone?.claim) throw new LostOwnershipError(id);
        this.#handled.add(id);
        if (latest.phase === 'creating') return transition(latest, { type: 'responseLost' }, now);
        return { ...latest, owner: this.owner(claim) };
      });
      if (job.owner?.claim === claim) this.start(job);
    } catch (error) {
      if (!(error instanceof LostOwnershipError)) throw error;
      this.#handled.delete(id);
    }
  }

  /** Starts running a job that belongs to this window. */
  start(job: JobRecord, submitted: Promise<void> = Promise.resolve()): void {
    if (this.#isClosing) return;
    const run = new JobRun(this.#context, job, submitted, () => this.#events.onProgress(job.id));
    this.#runs.set(job.id, run);
    this.#handled.add(job.id);
    void this.#run(run).finally(() => {
      this.#runs.delete(job.id);
      run.done.resolve();
      this.#events.onDone(job.id);
    });
  }

  /** Ends all work in this window. Other windows continue the jobs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const runs = [...this.#runs.values()];
    for (const run of runs) run.abort('closing');
    const all = Promise.allSettled(runs.map(({ done }) => done.promise));
    const enough = new AbortController();
    await Promise.race([all, this.#context.clock.wait(closingTimeout, enough.signal).catch(() => {})]);
    enough.abort();
  }

  async #run(run: JobRun): Promise<void> {
    try {
      while (run.isOurs)
        await this.#next(run).catch((error: unknown) => {
          if (!(error instanceof AbortReason) || error.why !== 'stopped') throw error;
        });
    } catch (error) {
      if (error instanceof LostOwnershipError || error instanceof AbortReason) return;
      // Don't retry a bug forever.
      this.#avoided.add(run.id);
      this.#context.log.error(error instanceof Error ? error : String(error));
    } finally {
      await dropPartialDownload(run, this.#context);
    }
  }

  #next(run: JobRun): Promise<void> {
    const { phase, stopRequested } = run.job;
    // The run was interrupted while it recorded that the create request was about to be sent.
    if (phase === 'creating') return run.record({ type: 'responseLost' });
    return stopRequested ? this.#stop(run) : this.#step(run);
  }

  /** Runs one phase, or handles its failure. */
  async #step(run: JobRun): Promise<void> {
    const { phase, createdAt } = run.job;
    const context = this.#context;
    const turn = { isDownload: phase === 'downloading', createdAt };
    try {
      if (phase === 'waiting') await wait(run, context);
      else
        await this.#limiter(turn, run.signal, () =>
          phase === 'downloading' ? download(run, context) : create(run, context),
        );
      run.retries = { count: 0, ms: 0 };
    } catch (error) {
      if (error instanceof LostOwnershipError) throw error;
      // The loop handles a stop. Any other reason ends the run.
      if (run.signal.aborted) throw run.signal.reason;
      await this.#handleFailure(run, error);
    }
  }

  async #handleFailure(run: JobRun, error: unknown): Promise<void> {
    const { log, clock } = this.#context;
    const { id, phase, projectId } = run.job;
    if (needsKey(error)) {
      await run.record({ type: 'blocked', blocked: { message: error.text, suggestedAction: 'setApiKey' } });
      return;
    }
    if (isTransient(error) && run.retries.ms < retryTimeout) {
      const delay = backoff(++run.retries.count, clock.random(), error.details.retryAfter);
      run.retries.ms += delay;
      log.warn(`Job ${id} will be retried in ${Math.round(delay / 1000)} s: ${error.message}`);
      run.show({ phase, trouble: { message: error.text, retryAt: clock.now() + delay } });
      await clock.wait(delay, run.signal).catch(() => {});
      return;
    }
    if (!(error instanceof HumanError)) log.error(error instanceof Error ? error : String(error));
    await removePartialDownloads(run, this.#context);
    await run.record({ type: 'failed', failure: failureOf(error, projectId !== undefined) });
  }

  async #stop(run: JobRun): Promise<void> {
    await removePartialDownloads(run, this.#context);
    await run.record({ type: 'stopped' });
  }
}
