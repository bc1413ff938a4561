import type { Phase } from '../shared/phase.ts';
import { isAtWork } from './job.ts';
import { NotMine, type Ledger } from './ledger.ts';
import { ImpossibleEvent, transition, type JobEvent } from './machine.ts';
import type { Clock, Log } from './ports.ts';
import type { JobRecord } from './record.ts';
import { backoff } from './schedule.ts';

/** What this window holds of a job while it works on it. */
export interface Hold {
  readonly id: string;
  /** The mark of the claim; another window's is another. */
  readonly claim: string;
  /** What the person had agreed to when the work began. */
  readonly approval: number;
  readonly signal: AbortSignal;
  /** The ledger cannot be written just now, and is tried again at `retryAt`. */
  readonly onTrouble: (phase: Phase, retryAt: number) => void;
}

/** Writes into the ledger what happened to the jobs that this window holds. */
export class Recorder {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(ledger: Ledger, clock: Clock, log: Log) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Writes until it is written: what happened cannot be undone because a disk is full.
   * @throws NotMine, ImpossibleEvent; the signal's reason when nothing is worth waiting for any more
   */
  async record(hold: Hold, events: readonly JobEvent[]): Promise<JobRecord> {
    for (let failures = 1; ; failures++) {
      try {
        const job = await this.#ledger.update(hold.id, latest => this.#after(hold, latest, events));
        // Written, but meanwhile another window has taken over: the next step is not ours.
        if (isAtWork(job) && !job.blocked && job.owner?.claim !== hold.claim) throw new NotMine(hold.id);
        return job;
      } catch (error) {
        if (error instanceof NotMine) {
          await this.#lateAnswer(hold, events);
          throw error;
        }
        if (error instanceof ImpossibleEvent) throw error;
        this.#log.error(error instanceof Error ? error : String(error));
        const delay = backoff(failures, undefined, this.#clock.random());
        hold.onTrouble(this.#ledger.get(hold.id)?.phase ?? 'queued', this.#clock.now() + delay);
        const isWanted = events.some(({ type }) => mustBeWritten.has(type));
        await this.#clock.wait(delay, isWanted ? undefined : hold.signal);
      }
    }
  }

  #after({ claim }: Hold, job: JobRecord, events: readonly JobEvent[]): JobRecord {
    if (job.owner?.claim !== claim) throw new NotMine(job.id);
    const now = this.#clock.now();
    const next = events.reduce((at, event) => transition(at, event, now), job);
    return isAtWork(next) && !next.blocked ? next : atRest(next);
  }

  /** The job was taken for lost while its answer was on the way: the answer settles the question. */
  async #lateAnswer({ id, approval }: Hold, events: readonly JobEvent[]): Promise<void> {
    const created = events.find(event => event.type === 'created');
    if (!created) return;
    this.#log.warn(`Job ${id}: the answer came late: it is project ${created.projectId}`);
    const isOpen = (job: JobRecord) => job.approval === approval && job.projectId === undefined;
    try {
      await this.#ledger.update(id, job =>
        job.phase === 'unknown' && isOpen(job) ? transition(job, created, this.#clock.now()) : job,
      );
    } catch (error) {
      if (!(error instanceof NotMine)) throw error;
      // The person has given up already, but may now pick it up.
      await this.#ledger.amend(id, job =>
        job.phase === 'stopped' && isOpen(job) ? { ...job, projectId: created.projectId } : job,
      );
    }
  }
}

/** A stop, and what became of a create: written also when the work is to end. Nothing else is worth waiting for then. */
const mustBeWritten: ReadonlySet<JobEvent['type']> = new Set([
  'stopped',
  'created',
  'refused',
  'responseLost',
]);

/** Nobody works on it any more. */
export function atRest(job: JobRecord): JobRecord {
  const { owner: _, ...rest } = job;
  return rest;
}
