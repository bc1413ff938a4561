import { join } from 'node:path';
import type { Clock, Log } from './ports.ts';
import type { Disk } from './disk.ts';
import { isEnded } from './job.ts';
import { EndedJobs } from './endedJobs.ts';
import { parseRecord, serializeRecord, type JobRecord } from './record.ts';
import { parseRevision, Revisions } from './revisions.ts';
import { temporarySince } from './temporaryNames.ts';

/** This window no longer works on the job: somebody else does, or nobody needs to. Its work ends without a trace. */
export class NotMine extends Error {
  constructor(id: string) {
    super(`Job ${id} is no longer this window's`);
    this.name = 'NotMine';
  }
}

/** How many ended jobs are kept in memory for the views, beside what is unfinished. */
const rememberedEnds = 200;
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
  readonly #log: Log;
  readonly #open: Revisions;
  readonly #jobs = new Map<string, JobRecord>();
  /** Ended while this window looked, newest last. */
  readonly #seenEnd = new Map<string, JobRecord>();
  readonly #untouchable = new Set<string>();
  readonly #listeners = new Set<(job: JobRecord | undefined, id: string) => void>();
  #refreshing: Promise<void> | undefined;
  #madeFolders: Promise<void> | undefined;

  constructor(disk: Disk, folder: string, clock: Clock, log: Log) {
    this.#disk = disk;
    this.#clock = clock;
    this.#log = log;
    this.#open = new Revisions(disk, join(folder, 'open'), { durable: true });
    this.ended = new EndedJobs(disk, join(folder, 'ended'), clock, log);
  }

  get folder(): string {
    return this.#open.folder;
  }

  /** Unfinished jobs. */
  get open(): Iterable<JobRecord> {
    return this.#jobs.values();
  }

  /** Jobs that ended while this window looked. */
  get seenEnd(): Iterable<JobRecord> {
    return this.#seenEnd.values();
  }

  /** How many unfinished jobs there are. */
  get size(): number {
    return this.#jobs.size;
  }

  get(id: string): JobRecord | undefined {
    return this.#jobs.get(id) ?? this.#seenEnd.get(id);
  }

  /** Called after every change of a job, by whichever window. `job` is undefined when the job was removed. */
  onDidChange(listener: (job: JobRecord | undefined, id: string) => void): void {
    this.#listeners.add(listener);
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
      if (await this.#open.write(record.id, 0, serializeRecord(record))) this.#keep(record);
      // An id is nobody else's: whoever was faster has gone on with this very record while this window slept.
      else await this.#load(record.id);
    } catch (error) {
      // It may lie there all the same, and another window would buy what its person was told has failed.
      await this.#disk.remove(this.#open.path(record.id, 0)).catch(() => {});
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
      const job = this.#jobs.get(id) ?? (await this.#load(id));
      if (!job) throw new NotMine(id);
      const changed = change(job);
      if (changed === job) return job;
      const mark = this.#mark();
      const next: JobRecord = {
        ...changed,
        revision: job.revision + 1,
        writes: [...job.writes.slice(-5), mark],
      };
      if (
        (await this.#open.write(id, next.revision, serializeRecord(next))) &&
        !(await this.#isLeftBehind(next))
      ) {
        if (isEnded(next)) await this.#end(next);
        else this.#keep(next);
        return next;
      }
      // Overtaken. Was it before or after our write?
      this.#jobs.delete(id);
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
    const next: JobRecord = {
      ...changed,
      revision: ended.revision + 1,
      writes: [...ended.writes.slice(-5), this.#mark()],
    };
    const isWritten = await this.#open.write(id, next.revision, serializeRecord(next));
    if (!isWritten || (await this.#isLeftBehind(next))) throw new NotMine(id);
    if (isEnded(next)) await this.#end(next);
    else this.#keep(next);
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
    await this.#disk.remove(this.#open.path(added.id, added.revision));
    if (this.#jobs.get(added.id)?.revision === added.revision) {
      this.#jobs.delete(added.id);
      this.#tell(undefined, added.id);
    }
    return (await this.#load(added.id)) === undefined;
  }

  /** All jobs, unfinished and ended, newest first. */
  async history(): Promise<JobRecord[]> {
    const ended = (await this.ended.all()).filter(({ id }) => !this.#jobs.has(id));
    return [...this.#jobs.values(), ...ended].toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Forgets an ended job. */
  async remove(id: string): Promise<void> {
    await this.ended.remove(id);
    if (this.#seenEnd.delete(id)) this.#tell(undefined, id);
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
    return parsed !== undefined && parsed.revision >= (this.#jobs.get(parsed.name)?.revision ?? -1);
  }

  async #refresh(): Promise<void> {
    const heads = await this.#open.heads();
    for (const id of this.#jobs.keys()) if (!heads.has(id)) await this.#load(id);
    await Promise.all(
      [...heads].map(async ([id, revision]) => {
        if (this.#untouchable.has(`${id}.${revision}`)) return;
        if (revision > (this.#jobs.get(id)?.revision ?? -1)) await this.#load(id);
      }),
    );
  }

  /** Reads the latest record of an unfinished job; undefined when it ended or is gone. */
  async #load(id: string): Promise<JobRecord | undefined> {
    // More than one look: a folder that changes while it is listed may hide a file.
    for (let look = 0; look < 3; look++) {
      const job = await this.#readHighest(id);
      const known = this.#jobs.get(id);
      if (job && known && known.revision >= job.revision) return known;
      if (job && (known || !(await this.#isLeftBehind(job)))) {
        if (isEnded(job)) await this.#end(job);
        else this.#keep(job);
        return this.#jobs.get(id);
      }
      const ended = await this.ended.read(id);
      if (ended && ended.revision >= (known?.revision ?? 0)) {
        this.#keepEnded(ended);
        return undefined;
      }
    }
    if (this.#jobs.delete(id)) this.#tell(undefined, id);
    return undefined;
  }

  async #readHighest(id: string): Promise<JobRecord | undefined> {
    for (const revision of await this.#open.of(id)) {
      if (this.#untouchable.has(`${id}.${revision}`)) return undefined;
      const path = this.#open.path(id, revision);
      let text = await this.#disk.read(path);
      if (text !== undefined && parseRecord(text).kind === 'damaged') {
        // Where files cannot be linked a record may be seen half-written for a moment.
        await this.#clock.wait(100);
        text = await this.#disk.read(path);
      }
      // Replaced by a higher one meanwhile: begin again.
      if (text === undefined) return this.#readHighest(id);
      const read = parseRecord(text);
      if (read.kind === 'job' && read.job.id === id) return { ...read.job, revision };
      if (read.kind === 'newer') {
        this.#untouchable.add(`${id}.${revision}`);
        this.#log.info(`Job ${id} was written by a later version of the extension and is left alone`);
        return undefined;
      }
      this.#log.error(
        `The record of job ${id} is damaged; it is set aside as ${id}.${revision}.json.damaged`,
      );
      await this.#disk.move(path, `${path}.damaged`);
    }
    return undefined;
  }

  /** Of a window that was far behind: the job has ended since. */
  async #isLeftBehind(job: JobRecord): Promise<boolean> {
    const ended = await this.ended.read(job.id);
    if (!ended || ended.revision < job.revision) return false;
    await this.#disk.remove(this.#open.path(job.id, job.revision));
    return true;
  }

  /** What ends is told of once its record is put away, so that acts on it find it there. */
  async #end(job: JobRecord): Promise<void> {
    // Lower revisions go first: without the highest they would look like an unfinished job.
    await this.#open.removeBelow(job.id, job.revision);
    await this.ended.take(job, this.#open.path(job.id, job.revision));
    this.#jobs.delete(job.id);
    this.#keepEnded(job);
  }

  #keep(job: JobRecord): void {
    if ((this.#jobs.get(job.id)?.revision ?? -1) >= job.revision) return;
    this.#jobs.set(job.id, job);
    this.#seenEnd.delete(job.id);
    this.#tell(job, job.id);
  }

  #keepEnded(job: JobRecord): void {
    this.#jobs.delete(job.id);
    this.#seenEnd.delete(job.id);
    this.#seenEnd.set(job.id, job);
    if (this.#seenEnd.size > rememberedEnds) {
      const [oldest] = this.#seenEnd.keys();
      if (oldest !== undefined) this.#seenEnd.delete(oldest);
    }
    this.#tell(job, job.id);
  }

  #tell(job: JobRecord | undefined, id: string): void {
    for (const listener of this.#listeners) listener(job, id);
  }

  #mark(): string {
    return Math.floor(this.#clock.random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0');
  }
}
