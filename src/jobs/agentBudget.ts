import * as v from 'valibot';
import { HumanError } from '../shared/message.ts';
import { localDate } from '../shared/outputName.ts';
import type { Disk } from './disk.ts';
import { costOf, randomMark } from './job.ts';
import type { JobStore, NewJob } from './jobStore.ts';
import type { Clock } from './ports.ts';
import { Revisions } from './revisions.ts';

/** One day's credits by job, as known when the latest job was added. */
const budgetSchema = v.object({
  /** In local time, because that's what users expect. */
  day: v.string(),
  mark: v.string(),
  credits: v.record(v.string(), v.number()),
});
type Budget = v.InferOutput<typeof budgetSchema>;

const attempts = 50;

/**
 * Keeps track of the credits that agents spend per day on this machine, across windows, in one small record. Credits
 * are reserved before anything is created. When the next job is added, the actual costs of earlier jobs are looked up
 * in the store. So a job that was never created releases its credits, and one that was removed from the list doesn't.
 */
export class AgentBudget {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #store: JobStore;
  readonly #clock: Clock;

  constructor(disk: Disk, folder: string, store: JobStore, clock: Clock) {
    this.#disk = disk;
    this.#folder = folder;
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws HumanError if less of `limit` is left than these jobs cost */
  async reserve(jobs: readonly NewJob[], limit: number): Promise<void> {
    const wanted = Object.fromEntries(jobs.map(({ id, request }) => [id, request.estimate.credits]));
    const credits = sum(wanted);
    await this.#change(spent => {
      const left = Math.max(0, limit - sum(spent));
      // Negated, so that a price of NaN is rejected.
      if (!(credits <= left)) throw new HumanError('agents.limitReached', { limit, left, credits });
      return { ...spent, ...wanted };
    });
  }

  /** Releases the credits of jobs that couldn't be submitted. */
  async release(jobs: readonly NewJob[]): Promise<void> {
    const ids = new Set(jobs.map(({ id }) => id));
    await this.#change(spent => Object.fromEntries(Object.entries(spent).filter(([id]) => !ids.has(id))));
  }

  async #change(change: (spent: Budget['credits']) => Budget['credits']): Promise<void> {
    const now = new Date(this.#clock.now());
    const revisions = new Revisions(this.#disk, this.#folder);
    await this.#disk.makeFolder(this.#folder);
    const mark = randomMark(this.#clock);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const revision = await revisions.latest();
      const before = revision < 0 ? undefined : parse(await revisions.read(revision));
      if (before?.mark === mark) return;
      const next: Budget = { day: localDate(now), mark, credits: change(await this.#actual(before, now)) };
      if (await revisions.write(revision + 1, JSON.stringify(next), before?.mark)) return;
    }
    throw new Error('The budget of agents is constantly being changed by other windows');
  }

  /** The reserved credits, updated to what the jobs actually cost. */
  async #actual(before: Budget | undefined, now: Date): Promise<Budget['credits']> {
    const spent: Budget['credits'] = {};
    if (before?.day !== localDate(now)) {
      const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
      for (const job of await this.#store.all())
        if (job.request.agent && job.createdAt >= midnight) spent[job.id] = costOf(job);
      return spent;
    }
    for (const [id, reserved] of Object.entries(before.credits)) {
      const job = await this.#store.find(id);
      spent[id] = job ? costOf(job) : reserved;
    }
    return spent;
  }
}

const sum = (credits: Readonly<Record<string, number>>): number =>
  Object.values(credits).reduce((total, each) => total + each, 0);

function parse(text: string | undefined): Budget | undefined {
  try {
    const parsed = v.safeParse(budgetSchema, JSON.parse(text ?? ''));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
