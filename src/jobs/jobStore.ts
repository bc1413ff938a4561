import { join } from 'node:path';
import { type Disk, isMissingFolder, temporarySince } from './disk.ts';
import {
  costOf,
  isActive,
  isEnded,
  isJobId,
  randomMark,
  timeId,
  type JobRecord,
  type RemovedJob,
} from './job.ts';
import { OldRecords } from './oldRecords.ts';
import type { Clock, Log } from './ports.ts';
import { isComplete, isRemoved, parseRecord, serializeRecord, type StoredJob } from './record.ts';
import { Revisions } from './revisions.ts';

/** This window no longer works on the job: another one does, or the job is gone. */
export class LostOwnershipError extends Error {
  constructor(id: string) {
    super(`Job ${id} no longer belongs to this window`);
    this.name = 'LostOwnershipError';
  }
}

export type NewJob = Omit<JobRecord, 'revision' | 'writes'>;
type Listener = (job: JobRecord | undefined, id: string) => void;

const day = 24 * 60 * 60 * 1000;
/** No window is suspended longer than this, so after this time no window can still act on an older record. */
const longestSuspension = 30 * day;
/** How much history is kept. */
const keepAtMost = 5_000;
const keepFor = 365 * day;
/** How many ended jobs stay in memory for the views. */
const endedInMemory = 200;
/** A temporary file this old isn't in use. */
const leftoverAfter = day;
/** How long a hint may lack a record of its revision. After that, its window has died or is extremely slow. */
const staleHintAfter = 60_000;
/** A write that is overtaken this often is a bug. */
const writeAttempts = 50;
/** Attempts to read a record that others are replacing. */
const readAttempts = 5;
/** More writes than others can make while one is being confirmed. */
const keptMarks = 16;
const concurrency = 32;

export interface JobStoreOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** This window, as in the owner of a job. */
  readonly window: string;
  readonly isAlive: (window: string) => Promise<boolean>;
  /** The storage was deleted while jobs were running, and has been restored. */
  readonly onRestored: () => void;
}

/**
 * All jobs of this machine, shared by all windows:
 *
 *     records/<id>/<revision>.json   the record; the highest revision counts (revisions.ts)
 *     unfinished/<id>.<revision>     an empty hint: "unfinished since that revision"
 *
 * Any window may write any job at any time: a change is a function of the latest record and is applied to exactly that
 * record. A hint is created before the revision it names and removed after one that ends the job, so it may be stale
 * but is never missing. A record that this version can't read is left alone; its revision still fences older windows.
 */
export class JobStore {
  readonly hintFolder: string;
  readonly #options: JobStoreOptions;
  readonly #recordFolder: string;
  readonly #old: OldRecords;
  /** Unfinished jobs, and the latest ones that ended while this window was open. */
  readonly #jobs = new Map<string, JobRecord>();
  /** Jobs whose record in memory may be outdated. */
  readonly #stale = new Set<string>();
  /** Jobs that are being added, by ID: resolves when the whole submission is on disk. */
  readonly #adding = new Map<string, Promise<void>>();
  /** Revisions that can't be read, by ID. */
  readonly #unreadable = new Map<string, number>();
  /** Hints that name a revision that doesn't exist, and since when. */
  readonly #early = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  #refreshing: Promise<void> | undefined;
  #restoring: Promise<void> | undefined;

  constructor(options: JobStoreOptions) {
    this.#options = options;
    const { disk, folder, clock, log, isAlive } = options;
    this.hintFolder = join(folder, 'unfinished');
    this.#recordFolder = join(folder, 'records');
    const receive = (job: JobRecord) => this.#receive(job);
    this.#old = new OldRecords({ disk, folder, clock, log, isAlive, receive });
  }

  /** Unfinished jobs, and the latest ones that ended while this window was open. */
  get known(): Iterable<JobRecord> {
    return this.#jobs.values();
  }

  get unfinished(): readonly JobRecord[] {
    return [...this.#jobs.values()].filter(job => !isEnded(job));
  }

  /** Whether a window with an earlier version still works on a job. It doesn't announce when it's done. */
  get isUsedByOldWindow(): boolean {
    return this.#old.isInUse;
  }

  get(id: string): JobRecord | undefined {
    return this.#jobs.get(id);
  }

  /** Called after every change of a job, by any window. `job` is undefined if it is gone. */
  onDidChange(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /**
   * Adds jobs, all or none. They are in memory at once, so that work on them can start; a change to one of them waits
   * until all are on disk, and is rejected if one can't be written.
   * @param ready resolves once the records may be written
   */
  add(
    jobs: readonly NewJob[],
    ready: Promise<void>,
  ): { readonly added: readonly JobRecord[]; readonly written: Promise<void> } {
    const { clock } = this.#options;
    const added = jobs.map((job): JobRecord => ({ ...job, revision: 0, writes: [randomMark(clock)] }));
    for (const job of added) serializeRecord(job);
    const written = this.#addAll(added, ready).finally(() => {
      for (const { id } of added) this.#adding.delete(id);
    });
    written.catch(() => {});
    for (const job of added) {
      this.#adding.set(job.id, written);
      this.#keep(job);
    }
    return { added, written };
  }

  /**
   * Applies a change to the latest record, however often others write in between. Returns the record as stored. A
   * change that returns its argument writes nothing; one that throws ends the update. To retry after an error, pass the
   * same `mark`, because the first attempt may have taken effect.
   * @throws LostOwnershipError if there is no such job
   */
  async update(
    id: string,
    change: (job: JobRecord) => JobRecord,
    mark = randomMark(this.#options.clock),
  ): Promise<JobRecord> {
    await this.#adding.get(id)?.catch(() => {});
    const job = await this.#change(id, change, mark);
    if (!job || isRemoved(job)) throw new LostOwnershipError(id);
    return job;
  }

  /** Removes an ended job from the list. */
  async remove(id: string): Promise<void> {
    const { clock } = this.#options;
    await this.#change(id, job => (isEnded(job) ? removed(job, clock.now()) : job), randomMark(clock));
  }

  /** Any stored job. */
  async find(id: string): Promise<JobRecord | undefined> {
    return isJobId(id) ? (this.get(id) ?? this.#loadAny(id)) : undefined;
  }

  /** What is stored under an ID, even if it was removed from the list. */
  async findStored(id: string): Promise<StoredJob | undefined> {
    return isJobId(id) ? (this.get(id) ?? this.#read(id)) : undefined;
  }

  /** All jobs, newest first. */
  async all(): Promise<JobRecord[]> {
    const stored = await this.allStored();
    return stored.filter(job => !isRemoved(job)) as JobRecord[];
  }

  /** All jobs, including those that were removed from the list in the last 30 days. */
  async allStored(): Promise<StoredJob[]> {
    const { disk } = this.#options;
    await this.#old.moveAll();
    const ids = new Set([...this.#jobs.keys(), ...(await disk.list(this.#recordFolder)).filter(isJobId)]);
    const jobs = await eachOf([...ids], async id => {
      const known = this.get(id);
      if (known && !isEnded(known)) return known;
      const stored = await this.#read(id);
      // Other windows don't announce changes to jobs that have ended.
      if (known && stored && !isRemoved(stored)) this.#keep(stored);
      return stored;
    });
    return jobs.flatMap(job => job ?? []).toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Reads what other windows wrote about unfinished jobs. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Whether a change of this file in the folder of hints can mean something new. */
  isNews(file: string): boolean {
    const hint = parseHint(file);
    const known = hint && this.#jobs.get(hint.id);
    return hint !== undefined && !(known && isEnded(known) && known.revision >= hint.revision);
  }

  /** The latest record, read from disk. */
  async reload(id: string): Promise<JobRecord | undefined> {
    await this.#adding.get(id)?.catch(() => {});
    return this.#load(id);
  }

  /** Removes very old jobs, jobs over the limit, and what crashes left behind. Never removes unfinished jobs. */
  async tidy(): Promise<void> {
    const { disk, clock, log } = this.#options;
    const now = clock.now();
    const ids = (await disk.list(this.#recordFolder)).filter(isJobId).toSorted().toReversed();
    const [newest, oldest] = [timeId(now - longestSuspension), timeId(now - keepFor)];
    let count = 0;
    for (const [index, id] of ids.entries()) {
      if (id > newest) continue;
      const stored = await this.#read(id);
      const isTooMuch = index >= keepAtMost || id < oldest;
      if (!stored || !(isRemoved(stored) || (isEnded(stored) && isTooMuch))) continue;
      const writtenAt = isRemoved(stored) ? stored.removedAt : stored.updatedAt;
      if (writtenAt > now - longestSuspension) continue;
      await disk.removeFolder(join(this.#recordFolder, id));
      count++;
    }
    if (count > 0) log.info(`Removed ${count} old jobs`);
    for (const name of await disk.list(this.hintFolder)) {
      const since = temporarySince(name);
      if (since !== undefined && since < now - leftoverAfter) await disk.remove(join(this.hintFolder, name));
    }
  }

  async #addAll(jobs: readonly JobRecord[], ready: Promise<void>): Promise<void> {
    const added: JobRecord[] = [];
    try {
      await ready;
      await this.#prepare();
      await eachOf(jobs, async job => {
        added.push(job);
        await this.#addOne(job);
      });
    } catch (error) {
      for (const job of added)
        await this.#takeBack(job).catch((failure: unknown) => this.#options.log.error(String(failure)));
      for (const { id } of jobs) this.#forget(id);
      throw error;
    }
  }

  async #addOne(job: JobRecord): Promise<void> {
    const mark = job.writes[0] as string;
    try {
      if (await this.#writeFirst(job)) return;
    } catch (error) {
      const stored = await this.#read(job.id).catch(() => undefined);
      if (!stored?.writes.includes(mark)) throw error;
    }
    // It's either this record or another window's, because this window was suspended.
    const stored = await this.#read(job.id);
    if (stored && isRemoved(stored) && !stored.writes.includes(mark))
      throw new Error(`Job ${job.id} was discarded by another window before it was written`);
    this.#stale.add(job.id);
  }

  /** Undoes adding a job whose submission failed. Must also work on a full disk. */
  async #takeBack(job: JobRecord): Promise<void> {
    const { disk, clock, log } = this.#options;
    const { id, owner } = job;
    try {
      // A window that took over while this one was suspended is asked to stop.
      const undo = (latest: JobRecord): StoredJob =>
        latest.owner?.claim === owner?.claim
          ? { ...removed(latest, clock.now()), credits: 0 }
          : isActive(latest) && !latest.stopRequested
            ? { ...latest, stopRequested: true }
            : latest;
      await this.#change(id, undo, randomMark(clock));
    } catch (error) {
      log.warn(`Undoing job ${id} by deleting its record: ${String(error)}`);
      // Removes only the revision that's known to be this window's own: a later one may belong to a job that's being
      // paid for. The hint stays, because another window may be writing that revision.
      await disk.remove(join(this.#recordFolder, id, `${job.revision}.json`));
    }
  }

  async #change(
    id: string,
    change: (job: JobRecord) => StoredJob,
    mark: string,
  ): Promise<StoredJob | undefined> {
    const { clock } = this.#options;
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      if (attempt > 3) await clock.wait(clock.random() * 100);
      const known = this.#stale.has(id) ? undefined : this.#jobs.get(id);
      const before = known ?? (await this.#loadAny(id));
      if (!before || before.writes.includes(mark)) return before;
      const changed = change(before);
      if (changed === before) return before;
      this.#stale.add(id);
      try {
        const next = await this.#write(before, changed, mark);
        if (next) return next;
      } catch (error) {
        // The storage was deleted: reading the job writes it again, if it is this window's.
        if (!isMissingFolder(error)) throw error;
      }
    }
    throw new Error(`Job ${id} is constantly being changed by other windows`);
  }

  /** The compare-and-swap: `changed` as the revision after `before`. undefined: another window may have been faster. */
  async #write(before: JobRecord, changed: StoredJob, mark: string): Promise<StoredJob | undefined> {
    const { disk } = this.#options;
    const { id } = before;
    const revision = before.revision + 1;
    const next: StoredJob = { ...changed, revision, writes: [...before.writes.slice(1 - keptMarks), mark] };
    const text = serializeRecord(next);
    const isUnfinished = !isRemoved(next) && !isEnded(next);
    const isOpened = isUnfinished && isEnded(before);
    const isNewRequest = isUnfinished && next.stopRequested && !before.stopRequested;
    const isReleased = isUnfinished && needsWindow(next) && !needsWindow(before);
    // The folder of hints is watched, so other windows learn immediately that there's something to do.
    if (isOpened || isNewRequest || isReleased) await disk.create(this.#hintPath(id, revision), '', isOpened);
    if (!(await this.#revisions(id).write(revision, text, before.writes.at(-1)))) return undefined;
    this.#stale.delete(id);
    if (isRemoved(next)) this.#forget(id);
    else this.#keep(next);
    if (!isUnfinished) await this.#dropHints(id, revision);
    return next;
  }

  async #refresh(): Promise<void> {
    const { disk } = this.#options;
    await this.#old.moveUnfinished();
    const hints = (await disk.list(this.hintFolder)).flatMap(name => parseHint(name) ?? []);
    const ids = new Set([...hints.map(({ id }) => id), ...this.unfinished.map(({ id }) => id)]);
    await eachOf([...ids], async id => {
      if (this.#adding.has(id)) return;
      const latest = await this.#revisions(id).latest();
      if (latest !== this.#jobs.get(id)?.revision || this.#stale.has(id)) await this.#load(id);
    });
    for (const key of this.#early.keys())
      if (!hints.some(hint => hintName(hint) === key)) this.#early.delete(key);
    for (const hint of hints) if (!this.#adding.has(hint.id)) await this.#checkHint(hint);
  }

  /** Removes a hint of a job that has ended. A hint whose revision was never written is fenced first. */
  async #checkHint(hint: Hint): Promise<void> {
    const { clock } = this.#options;
    const known = this.#jobs.get(hint.id);
    if ((known && !isEnded(known)) || this.#unreadable.has(hint.id)) return;
    const stored = await this.#read(hint.id);
    if (stored && !isRemoved(stored) && !isEnded(stored)) return;
    if (stored && hint.revision <= stored.revision) return this.#dropHints(hint.id, stored.revision);
    if (this.#unreadable.has(hint.id)) return;
    const key = hintName(hint);
    const since = this.#early.get(key) ?? clock.now();
    this.#early.set(key, since);
    if (Math.abs(clock.now() - since) < staleHintAfter) return;
    await this.#closeHint(hint, stored);
  }

  /** Takes the revision that a hint names, so that a suspended window can't write it without a hint. */
  async #closeHint(hint: Hint, stored: StoredJob | undefined): Promise<void> {
    const { disk, clock } = this.#options;
    const { id, revision } = hint;
    const now = clock.now();
    const nothing = { removed: true, id, createdAt: now, removedAt: now, projects: [], credits: 0 } as const;
    const writes = [...(stored?.writes.slice(1 - keptMarks) ?? []), randomMark(clock)];
    const text = serializeRecord({ ...(stored ?? nothing), revision, writes });
    await disk.makeFolder(join(this.#recordFolder, id));
    if (await this.#revisions(id).write(revision, text, stored?.writes.at(-1)))
      await this.#dropHints(id, revision);
  }

  /** Hints up to the revision that ended the job; a higher one belongs to a window that has just resumed it. */
  async #dropHints(id: string, revision: number): Promise<void> {
    const { disk, log } = this.#options;
    try {
      for (const name of await disk.list(this.hintFolder)) {
        const hint = parseHint(name);
        if (hint?.id === id && hint.revision <= revision) await disk.remove(join(this.hintFolder, name));
      }
    } catch (error) {
      // Tried again at the next refresh.
      log.warn(`Couldn't remove a hint of job ${id}: ${String(error)}`);
    }
  }

  /** Writes the first record of a job. false: another window may have done so. */
  async #writeFirst(job: JobRecord): Promise<boolean> {
    const { disk } = this.#options;
    await disk.makeFolder(join(this.#recordFolder, job.id));
    if (!isEnded(job)) await disk.create(this.#hintPath(job.id, job.revision), '', true);
    return this.#revisions(job.id).write(job.revision, serializeRecord(job), undefined);
  }

  async #receive(job: JobRecord): Promise<void> {
    await this.#prepare();
    if ((await this.#revisions(job.id).latest()) < 0) await this.#writeFirst(job);
  }

  /**
   * The storage was deleted while jobs were running: writes the jobs in memory that no other window works on. A job
   * whose record was deleted by cleanup was last written more than 30 days ago.
   */
  async #restore(): Promise<void> {
    const { log, onRestored } = this.#options;
    await this.#prepare();
    let count = 0;
    for (const job of [...this.#jobs.values()].filter(known => this.#isRestorable(known))) {
      const latest = await this.#revisions(job.id).latest();
      if (latest < job.revision && (await this.#writeFirst(job))) count++;
    }
    if (count === 0) return;
    log.error(`The storage of the jobs was deleted; ${count} jobs were written again`);
    onRestored();
  }

  #isRestorable({ id, owner, updatedAt }: JobRecord): boolean {
    const { window, clock } = this.#options;
    const isOurs = owner === undefined || owner.window === window;
    const isUnknown = this.#adding.has(id) || this.#unreadable.has(id);
    return isOurs && !isUnknown && Math.abs(clock.now() - updatedAt) < longestSuspension;
  }

  /** The latest record, read from disk. */
  async #load(id: string): Promise<JobRecord | undefined> {
    const stored = await this.#read(id);
    const known = this.#jobs.get(id);
    // Another window may have restored an older state.
    const isLost = !stored || (known !== undefined && known.revision > stored.revision);
    if (isLost && known && this.#isRestorable(known)) {
      this.#restoring ??= this.#restore().finally(() => {
        this.#restoring = undefined;
      });
      await this.#restoring;
      return known;
    }
    if (!stored || isRemoved(stored)) {
      this.#forget(id);
      return undefined;
    }
    this.#stale.delete(id);
    // A folder that changes while it is listed may hide a file.
    if (known && known.revision >= stored.revision) return known;
    if (known || !isEnded(stored)) this.#keep(stored);
    return stored;
  }

  /** Like {@link #load}, but also finds jobs stored by an earlier version. */
  async #loadAny(id: string): Promise<JobRecord | undefined> {
    const job = await this.#load(id);
    if (job) return job;
    await this.#old.move(id);
    return this.#load(id);
  }

  /** undefined: there is no such job, or it can't be read. */
  async #read(id: string): Promise<StoredJob | undefined> {
    const { clock, log } = this.#options;
    const revisions = this.#revisions(id);
    let revision = -1;
    let text: string | undefined;
    let failure: unknown;
    for (let attempt = 0; attempt < readAttempts; attempt++) {
      if (attempt > 1) await clock.wait(20 * 2 ** attempt);
      revision = await revisions.latest();
      // A folder that changes while it is listed may hide a file.
      if (revision < 0 && attempt === 0 && this.#jobs.has(id)) continue;
      if (revision < 0) return undefined;
      if (this.#unreadable.get(id) === revision) return undefined;
      failure = undefined;
      text = await revisions.read(revision).catch((error: unknown) => {
        failure = error;
        return undefined;
      });
      // Replaced in the meantime, or a temporary failure.
      if (text === undefined) continue;
      const stored = parseRecord(text);
      if (stored?.id === id) {
        this.#unreadable.delete(id);
        return { ...stored, revision };
      }
      // On file systems without hard links, a record can be half written.
    }
    if (failure !== undefined) throw failure;
    // Tried again at the next refresh.
    if (text === undefined) return undefined;
    if (!isComplete(text) && (await revisions.removeIncomplete(revision))) return this.#read(id);
    log.error(`Couldn't read job ${id} (revision ${revision}), leaving it alone`);
    this.#unreadable.set(id, revision);
    return undefined;
  }

  /** Every time, because the storage may have been deleted since. */
  async #prepare(): Promise<void> {
    await this.#options.disk.makeFolder(this.#recordFolder);
    await this.#options.disk.makeFolder(this.hintFolder);
  }

  #keep(job: JobRecord): void {
    const known = this.#jobs.get(job.id);
    if (known && known.revision >= job.revision) return;
    // The job that ended last comes last.
    if (isEnded(job)) this.#jobs.delete(job.id);
    this.#jobs.set(job.id, job);
    const ended = isEnded(job) ? [...this.#jobs.values()].filter(isEnded) : [];
    for (const { id } of ended.slice(0, Math.max(0, ended.length - endedInMemory))) this.#jobs.delete(id);
    this.#tell(job, job.id);
  }

  #forget(id: string): void {
    this.#stale.delete(id);
    if (this.#jobs.delete(id)) this.#tell(undefined, id);
  }

  #tell(job: JobRecord | undefined, id: string): void {
    for (const listener of this.#listeners) listener(job, id);
  }

  #revisions(id: string): Revisions {
    return new Revisions(this.#options.disk, join(this.#recordFolder, id));
  }

  #hintPath(id: string, revision: number): string {
    return join(this.hintFolder, hintName({ id, revision }));
  }
}

interface Hint {
  readonly id: string;
  readonly revision: number;
}

const hintName = ({ id, revision }: Hint): string => `${id}.${revision}`;

function parseHint(name: string): Hint | undefined {
  const [, id, revision] = /^([\w-]{1,80})\.(\d+)$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, revision: Number(revision) };
}

/** Whether the job needs a window to work on it. */
const needsWindow = (job: JobRecord): boolean => isActive(job) && !job.blocked && !job.owner;

function removed(job: JobRecord, now: number): RemovedJob {
  const { id, revision, writes, createdAt, earlierProjects = [], projectId, request } = job;
  return {
    removed: true,
    id,
    revision,
    writes,
    createdAt,
    removedAt: now,
    projects: [...earlierProjects, ...(projectId === undefined ? [] : [projectId])],
    credits: costOf(job),
    ...(request.agent && { agent: true }),
  };
}

/** Runs a few at a time, in order. Throws the first failure once all have ended. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += concurrency) {
    const outcomes = await Promise.allSettled(items.slice(from, from + concurrency).map(work));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}
