import { join } from 'node:path';
import type { Clock, Log } from './ports.ts';
import type { Disk } from './disk.ts';
import { isEnded } from './job.ts';
import { EndedJobs } from './endedJobs.ts';
import { KnownJobs } from './knownJobs.ts';
import { OpenJobs } from './openJobs.ts';
import type { JobRecord } from './record.ts';
import { parseRevision } from './revisions.ts';
import { temporarySince } from './temporaryNames.ts';

/** This window no longer works on the job: somebody else does, or nobody needs to. Its work ends without a trace. */
export class NotMine extends Error {
  constructor(id: string) {
    super(`Job ${id} is no longer this window's`);
    this.name = 'NotMine';
  }
}

/** A temporary file this old, in milliseconds, is in nobody's use. */
const leftoverAfter = 24 * 60 * 60 * 1000;
/** A write that is overtaken again and again is a bug, not bad luck. */
const writeAttempts = 50;

/**
 * All jobs of this machine: one small file per job. Unfinished ones in `open`, read at start; ended ones in `ended`,
 * read only when asked for. Any window may write any job at any time: every write is a compare-and-swap
 * (revisions.ts), so changes are functions of the latest record and are applied to exactly that.
 */
export class Ledger {
  readonly ended: EndedJobs;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #open: OpenJobs;
  readonly #known = new KnownJobs();
  #refreshing: Promise<void> | undefined;
  #madeFolders: Promise<void> | undefined;

  constructor(disk: Disk, folder: string, clock: Clock, log: Log) {
    this.#disk = disk;
    this.#clock = clock;
    this.#open = new OpenJobs(disk, join(folder, 'open'), clock, log);
    this.ended = new EndedJobs(disk, join(folder, 'ended'), clock, log);
  }

  get folder(): string {
    return this.#open.folder;
  }

  /** Unfinished jobs. */
  get open(): Iterable<JobRecord> {
    return this.#known.open.values();
  }

  /** Jobs that ended while this window looked. */
  get seenEnd(): Iterable<JobRecord> {
    return this.#known.seenEnd.values();
  }

  /** How many unfinished jobs there are. */
  get size(): number {
    return this.#known.open.size;
  }

  get(id: string): JobRecord | undefined {
    return this.#known.open.get(id) ?? this.#known.seenEnd.get(id);
  }

  /** Called after every change of a job, by whichever window. `job` is undefined when the job was removed. */
  onDidChange(listener: (job: JobRecord | undefined, id: string) => void): void {
    this.#known.onDidChange(listener);
  }

  async prepare(): Promise<void> {
    this.#madeFolders ??= Promise.all([
      this.#disk.makeFolder(this.#open.folder),
      this.#disk.makeFolder(this.ended.folder),
    ]).then(
      () => {},
      (error: unknown) => {
        this.#madeFolders = undefined;
        throw error;
      },
    );
    await this.#madeFolders;
  }

  async add(job: Omit<JobRecord, 'revision' | 'writes'>): Promise<JobRecord> {
    await this.prepare();
    const record: JobRecord = { ...job, revision: 0, writes: [this.#mark()] };
    try {
      if (await this.#open.write(record)) this.#known.keep(record);
      // An id is nobody else's: whoever was faster has gone on with this very record while this window slept.
      else await this.#load(record.id);
    } catch (error) {
      // It may lie there all the same, and another window would buy what its person was told has failed.
      await this.#open.remove(record).catch(() => {});
      throw error;
    }
    return record;
  }

  /**
   * Applies a change to the latest record, however often others write in between. Returns what is in the ledger then.
   * A change that returns its argument writes nothing; one that throws ends the update.
   * @throws NotMine when there is no such unfinished job.
   */
  async update(id: string, change: (job: JobRecord) => JobRecord): Promise<JobRecord> {
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      const job = this.#known.open.get(id) ?? (await this.#load(id));
      if (!job) throw new NotMine(id);
      const changed = change(job);
      if (changed === job) return job;
      const mark = this.#mark();
      const next = await this.#writeAfter(job, changed, mark);
      if (next) return next;
      // Overtaken. Was it before or after our write?
      this.#known.outdate(id);
      const latest = (await this.#load(id)) ?? (await this.ended.read(id));
      if (latest?.writes.includes(mark)) return latest;
    }
    throw new Error(`Job ${id} is written by others all the time`);
  }

  /** The latest record of an unfinished job, read anew. */
  look(id: string): Promise<JobRecord | undefined> {
    return this.#load(id);
  }

  /**
   * Applies a change to an ended job, which may make it unfinished again.
   * @throws NotMine when it has not ended (any more).
   */
  async reopen(id: string, change: (job: JobRecord) => JobRecord): Promise<JobRecord> {
    await this.prepare();
    // A window may have died between ending the job and putting its record away.
    if (await this.#load(id)) throw new NotMine(id);
    const ended = await this.ended.read(id);
    if (!ended) throw new NotMine(id);
    const changed = change(ended);
    if (changed === ended) return ended;
    const next = await this.#writeAfter(ended, changed, this.#mark());
    if (!next) throw new NotMine(id);
    return next;
  }

  /** Changes an ended job, and nothing when it has not ended (any more). */
  async amend(id: string, change: (job: JobRecord) => JobRecord): Promise<void> {
    await this.reopen(id, change).catch((error: unknown) => {
      if (!(error instanceof NotMine)) throw error;
    });
  }

  /**
   * Takes back a job that was just added, as {@link add} returned it; this needs no room on the disk. false: another
   * window has gone on with it, and its record stays.
   */
  async discard(added: JobRecord): Promise<boolean> {
    // Only the revision that is known to be this window's own: a later one may be of a job that is being paid for.
    await this.#open.remove(added);
    if (this.#known.revisionOf(added.id) === added.revision) this.#known.forget(added.id);
    return (await this.#load(added.id)) === undefined;
  }

  /** All jobs, unfinished and ended, newest first. */
  async history(): Promise<JobRecord[]> {
    const ended = (await this.ended.all()).filter(({ id }) => !this.#known.open.has(id));
    return [...this.open, ...ended].toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Forgets an ended job. */
  async remove(id: string): Promise<void> {
    await this.ended.remove(id);
    this.#known.forgetEnded(id);
  }

  /** Forgets the far past, and what crashes left. */
  async tidy(): Promise<void> {
    await this.ended.prune();
    for (const folder of [this.#open.folder, this.ended.folder])
      for (const name of await this.#disk.list(folder)) {
        const since = temporarySince(name);
        if (since !== undefined && since < this.#clock.now() - leftoverAfter)
          await this.#disk.remove(join(folder, name));
      }
  }

  /** Looks what other windows wrote: one look into the folder, and only what is new is read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** May a change of this file tell something that is not known yet? */
  isNews(file: string): boolean {
    const parsed = parseRevision(file);
    return parsed !== undefined && parsed.revision >= this.#known.revisionOf(parsed.name);
  }

  async #refresh(): Promise<void> {
    const heads = await this.#open.heads();
    for (const id of this.#known.open.keys()) if (!heads.has(id)) await this.#load(id);
    await Promise.all(
      [...heads].map(async ([id, revision]) => {
        if (revision > this.#known.revisionOf(id)) await this.#load(id);
      }),
    );
  }

  /** Reads the latest record of an unfinished job; undefined when it ended or is gone. */
  async #load(id: string): Promise<JobRecord | undefined> {
    // More than one look: a folder that changes while it is listed may hide a file.
    for (let look = 0; look < 3; look++) {
      const job = await this.#open.read(id);
      const known = this.#known.open.get(id);
      if (job && known && known.revision >= job.revision) return known;
      if (job && !(await this.#isLeftBehind(job))) {
        if (isEnded(job)) await this.#end(job);
        else this.#known.keep(job);
        return this.#known.open.get(id);
      }
      const ended = await this.ended.read(id);
      if (ended && ended.revision >= (known?.revision ?? 0)) {
        this.#known.keepEnded(ended);
        return undefined;
      }
    }
    this.#known.forget(id);
    return undefined;
  }

  /** The compare-and-swap: `changed` as the revision after `before`. undefined: somebody else was faster. */
  async #writeAfter(before: JobRecord, changed: JobRecord, mark: string): Promise<JobRecord | undefined> {
    const next: JobRecord = {
      ...changed,
      revision: before.revision + 1,
      writes: [...before.writes.slice(-5), mark],
    };
    if (!(await this.#open.write(next)) || (await this.#isLeftBehind(next))) return undefined;
    if (isEnded(next)) await this.#end(next);
    else this.#known.keep(next);
    return next;
  }

  /** Of a window that was far behind: the job has ended since. */
  async #isLeftBehind(job: JobRecord): Promise<boolean> {
    if ((await this.ended.lastRevision(job.id)) < job.revision) return false;
    await this.#open.remove(job);
    return true;
  }

  /** What ends is told of once its record is put away, so that actions on it find it there. */
  async #end(job: JobRecord): Promise<void> {
    // Lower revisions go first: without the highest they would look like an unfinished job.
    await this.#open.removeBelow(job);
    await this.ended.take(job, this.#open.path(job));
    this.#known.keepEnded(job);
  }

  #mark(): string {
    return Math.floor(this.#clock.random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0');
  }
}
