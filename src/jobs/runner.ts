import { HumanError } from '../shared/message.ts';
import type { Phase } from '../shared/phase.ts';
import { toolOf } from '../tools/index.ts';
import { failureOf, isTransient, needsKey } from './failures.ts';
import { isAtWork, type JobProgress } from './job.ts';
import { NotMine, type Ledger } from './ledger.ts';
import { transition } from './machine.ts';
import { collect } from './phases/collect.ts';
import { make } from './phases/make.ts';
import { tidy } from './phases/tidy.ts';
import { wait } from './phases/wait.ts';
import type { JobRecord } from './record.ts';
import { atRest, Recorder } from './recorder.ts';
import { backoff } from './schedule.ts';
import type { Slots } from './slots.ts';
import { Halt, type Task } from './task.ts';
import type { Work, Workshop } from './work.ts';

export interface RunnerEvents {
  readonly onProgress: (id: string) => void;
  /** The work on a job is over here, for whatever reason. */
  readonly onDone: (id: string) => void;
}

/** How long an obstacle that may pass is tried again before the person is told. */
const patience = 15 * 60 * 1000;
/** Closing a window waits this long for the answer of a create that is under way. */
const closingPatience = 3_000;
/** Smaller steps of progress are not told. */
const visible = 0.01;

/** Carries out the jobs that are this window's. What may happen is said by machine.ts; here it is done. */
export class Runner {
  readonly #window: string;
  readonly #ledger: Ledger;
  readonly #recorder: Recorder;
  readonly #slots: Slots;
  readonly #shop: Workshop;
  readonly #events: RunnerEvents;
  readonly #tasks = new Map<string, Task>();
  /** Jobs that this window began with or took. */
  readonly #had = new Set<string>();
  /** Jobs that met a bug here: this window leaves them alone. */
  readonly #avoided = new Set<string>();
  #isClosing = false;

  constructor(window: string, ledger: Ledger, slots: Slots, shop: Workshop, events: RunnerEvents) {
    this.#window = window;
    this.#ledger = ledger;
    this.#recorder = new Recorder(ledger, shop.clock, shop.log);
    this.#slots = slots;
    this.#shop = shop;
    this.#events = events;
    ledger.onDidChange((job, id) => this.#onLedger(job, id));
  }

  get isWorking(): boolean {
    return this.#tasks.size > 0;
  }

  has(id: string): boolean {
    return this.#had.has(id);
  }

  progressOf(id: string): JobProgress | undefined {
    return this.#tasks.get(id)?.progress;
  }

  /** How far every job here is, for other windows. */
  get progress(): Record<string, JobProgress> {
    const told = [...this.#tasks].flatMap(([id, { progress }]) =>
      progress ? [[id, progress] as const] : [],
    );
    return Object.fromEntries(told);
  }

  /** May this window take the job as far as it knows itself? */
  mayTake(job: JobRecord): boolean {
    return (
      !this.#isClosing &&
      isAtWork(job) &&
      !job.blocked &&
      !this.#tasks.has(job.id) &&
      !this.#avoided.has(job.id)
    );
  }

  owner(claim: string): NonNullable<JobRecord['owner']> {
    return { window: this.#window, claim };
  }

  /**
   * Takes a job that nobody works on; `orphanOf` is the owner that was found to be gone. A job whose create was under
   * way becomes a question instead, one that was to be stopped is stopped. Does nothing when somebody was faster.
   */
  async take(id: string, orphanOf: JobRecord['owner']): Promise<void> {
    const claim = this.#shop.clock.random().toString(36).slice(2);
    const now = this.#shop.clock.now();
    try {
      const job = await this.#ledger.update(id, latest => {
        if (!this.mayTake(latest) || latest.owner?.claim !== orphanOf?.claim) throw new NotMine(id);
        this.#had.add(id);
        if (latest.phase === 'creating') return atRest(transition(latest, { type: 'responseLost' }, now));
        if (latest.stopRequested) return atRest(transition(latest, { type: 'stopped' }, now));
        return { ...latest, owner: this.owner(claim) };
      });
      if (job.owner?.claim === claim) this.start(job);
    } catch (error) {
      if (!(error instanceof NotMine)) throw error;
      this.#had.delete(id);
    }
  }

  /** Begins with a job that is this window's already. */
  start(job: JobRecord): void {
    if (this.#isClosing || !job.owner || this.#tasks.has(job.id)) return;
    const task: Task = {
      id: job.id,
      claim: job.owner.claim,
      approval: job.approval,
      halt: new AbortController(),
      phase: job.phase,
      progress: undefined,
      troubles: 0,
      troubleTime: 0,
      done: Promise.resolve(),
    };
    this.#tasks.set(job.id, task);
    this.#had.add(job.id);
    task.done = this.#run(task).finally(() => {
      this.#tasks.delete(job.id);
      this.#events.onDone(job.id);
    });
  }

  /** Ends all work here; other windows go on with it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { halt } of this.#tasks.values()) halt.abort(new Halt('closing'));
    const all = Promise.allSettled([...this.#tasks.values()].map(({ done }) => done));
    const enough = new AbortController();
    await Promise.race([all, this.#shop.clock.wait(closingPatience, enough.signal).catch(() => {})]);
    enough.abort();
  }

  #onLedger(job: JobRecord | undefined, id: string): void {
    const task = this.#tasks.get(id);
    if (!task) return;
    if (job?.owner?.claim !== task.claim) task.halt.abort(new Halt('taken'));
    else if (job.stopRequested) task.halt.abort(new Halt('stopped'));
    // What was told of one phase says nothing of the next.
    if (job?.phase !== task.phase) task.progress = undefined;
    task.phase = job?.phase;
  }

  async #run(task: Task): Promise<void> {
    const { id } = task;
    try {
      const work = this.#workOn(task);
      for (;;) {
        const { job } = work;
        if (job.owner?.claim !== task.claim || !isAtWork(job) || job.blocked) return;
        await (job.stopRequested ? this.#stop(work) : this.#step(task, work)).catch((error: unknown) => {
          if (!(error instanceof Halt) || error.why !== 'stopped') throw error;
        });
      }
    } catch (error) {
      if (error instanceof NotMine || error instanceof Halt) return;
      // A bug must not become a loop of takings.
      this.#avoided.add(id);
      this.#shop.log.error(error instanceof Error ? error : String(error));
    }
  }

  /** One phase, or one failure of it. */
  async #step(task: Task, work: Work): Promise<void> {
    const { job } = work;
    const turn = { download: job.phase === 'downloading', createdAt: job.createdAt };
    try {
      if (job.phase === 'waiting') await wait(work, this.#shop);
      else if (job.phase === 'downloading')
        await this.#slots.hold(turn, work.signal, () => collect(work, this.#shop));
      else if (job.phase === 'creating') await work.record({ type: 'responseLost' });
      else await this.#slots.hold(turn, work.signal, () => make(work, this.#shop));
      task.troubles = 0;
      task.troubleTime = 0;
    } catch (error) {
      if (error instanceof NotMine) throw error;
      // The loop sees to a stop; everything else ends the work here.
      if (work.signal.aborted) throw work.signal.reason;
      await this.#meetTrouble(task, work, error);
    }
  }

  async #meetTrouble(task: Task, work: Work, error: unknown): Promise<void> {
    const { log, clock } = this.#shop;
    const { id, phase } = work.job;
    if (needsKey(error)) {
      await work.record({ type: 'blocked', blocked: { message: error.text, suggestedAction: 'setApiKey' } });
      return;
    }
    if (isTransient(error) && task.troubleTime < patience) {
      const delay = backoff(++task.troubles, error.details.retryAfter, clock.random());
      task.troubleTime += delay;
      log.warn(`Job ${id} is tried again in ${Math.round(delay / 1000)} s: ${error.message}`);
      const now = work.job.phase === 'queued' ? 'queued' : phase;
      work.show({ phase: now, trouble: { message: error.text, retryAt: clock.now() + delay } });
      await clock.wait(delay, work.signal).catch(() => {});
      return;
    }
    if (!(error instanceof HumanError)) log.error(error instanceof Error ? error : String(error));
    const isMade = work.job.projectId !== undefined;
    await tidy(work, this.#shop);
    await work.record({ type: 'failed', failure: failureOf(error, isMade) });
  }

  async #stop(work: Work): Promise<void> {
    await tidy(work, this.#shop);
    await work.record({ type: 'stopped' });
  }

  #workOn(task: Task): Work {
    const ledger = this.#ledger;
    const hold = {
      id: task.id,
      claim: task.claim,
      approval: task.approval,
      signal: task.halt.signal,
      onTrouble: (phase: Phase, retryAt: number) =>
        this.#show(task, { phase, trouble: { message: { key: 'ledger.waiting' }, retryAt } }),
    };
    let latest = ledger.get(task.id);
    if (!latest) throw new NotMine(task.id);
    const work: Work = {
      tool: toolOf(latest.request.tool),
      claim: task.claim,
      get job() {
        const known = ledger.get(task.id);
        if (known) latest = known;
        return latest as JobRecord;
      },
      signal: task.halt.signal,
      check: async () => {
        if ((await ledger.look(task.id))?.owner?.claim !== task.claim) throw new NotMine(task.id);
      },
      record: (...events) => this.#recorder.record(hold, events),
      show: progress => this.#show(task, progress),
    };
    return work;
  }

  #show(task: Task, progress: JobProgress): void {
    const before = task.progress;
    const isSame =
      before?.phase === progress.phase &&
      before.trouble?.retryAt === progress.trouble?.retryAt &&
      Math.abs((progress.fraction ?? -1) - (before.fraction ?? -1)) < visible;
    if (isSame) return;
    task.progress = progress;
    this.#events.onProgress(task.id);
  }
}
