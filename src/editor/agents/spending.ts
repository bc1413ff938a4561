import { isEnded, mayHaveBeenCreated, type Job } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import { HumanError } from '../../shared/message.ts';

/** What agents have used today, local time: what was charged, else what was estimated. Refused jobs cost nothing. */
export function spentToday(jobs: readonly Job[], now = new Date()): number {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  return jobs
    .filter(job => job.request.agent && job.createdAt >= midnight)
    .reduce((total, job) => total + costOf(job), 0);
}

function costOf(job: Job): number {
  if (job.creditsCharged !== undefined) return job.creditsCharged;
  // Every create was refused. One whose answer is not known may have been paid for, also when a person gave up on it.
  const isFree = isEnded(job) && job.projectId === undefined && !mayHaveBeenCreated(job);
  return isFree ? 0 : job.request.estimate.credits;
}

/**
 * The per-day limit for agents. It is checked when a tool runs, so "always allow" in a chat does not pass it; checks
 * and submissions go one after the other, so that parallel calls cannot pass it together.
 */
export class SpendingGuard {
  readonly #jobs: JobService;
  readonly #limit: () => number;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(jobs: JobService, limit: () => number) {
    this.#jobs = jobs;
    this.#limit = limit;
  }

  /** Runs `submit` when `credits` more are within the limit. @throws HumanError when they are not. */
  within<T>(credits: number, submit: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      const spent = spentToday(await this.#all());
      const limit = this.#limit();
      // The other way round, a price that is no number would pass.
      if (!(spent + credits <= limit)) throw new HumanError('agent.budget', { spent, limit, credits });
      return submit();
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #all(): Promise<readonly Job[]> {
    await this.#jobs.refresh();
    const current = this.#jobs.current;
    const known = new Set(current.map(job => job.id));
    return [...current, ...(await this.#jobs.history()).filter(job => !known.has(job.id))];
  }
}
