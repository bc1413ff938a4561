import type { JobRecord } from './record.ts';

type Listener = (job: JobRecord | undefined, id: string) => void;

/** How many ended jobs are kept for the views, beside what is unfinished. */
const rememberedEnds = 200;

/** What this window knows of the jobs, in memory. Whoever listens is told of every change. */
export class KnownJobs {
  readonly #open = new Map<string, JobRecord>();
  readonly #seenEnd = new Map<string, JobRecord>();
  readonly #listeners = new Set<Listener>();

  /** Unfinished jobs, by id. */
  get open(): ReadonlyMap<string, JobRecord> {
    return this.#open;
  }

  /** Jobs that ended while this window looked, by id, the latest last. */
  get seenEnd(): ReadonlyMap<string, JobRecord> {
    return this.#seenEnd;
  }

  /** The revision that is known of an unfinished job; -1: none. */
  revisionOf(id: string): number {
    return this.#open.get(id)?.revision ?? -1;
  }

  onDidChange(listener: Listener): void {
    this.#listeners.add(listener);
  }

  keep(job: JobRecord): void {
    if (this.revisionOf(job.id) >= job.revision) return;
    this.#open.set(job.id, job);
    this.#seenEnd.delete(job.id);
    this.#tell(job, job.id);
  }

  keepEnded(job: JobRecord): void {
    this.#open.delete(job.id);
    this.#seenEnd.delete(job.id);
    this.#seenEnd.set(job.id, job);
    if (this.#seenEnd.size > rememberedEnds) {
      const [oldest] = this.#seenEnd.keys();
      if (oldest !== undefined) this.#seenEnd.delete(oldest);
    }
    this.#tell(job, job.id);
  }

  /** What was known of an unfinished job is out of date; what is true is about to be read. */
  outdate(id: string): void {
    this.#open.delete(id);
  }

  /** The job is gone. */
  forget(id: string): void {
    if (this.#open.delete(id)) this.#tell(undefined, id);
  }

  forgetEnded(id: string): void {
    if (this.#seenEnd.delete(id)) this.#tell(undefined, id);
  }

  #tell(job: JobRecord | undefined, id: string): void {
    for (const listener of this.#listeners) listener(job, id);
  }
}
