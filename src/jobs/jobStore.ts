import { type Disk, isMissingFolder } from './disk.ts';
import { isActive, isEnded, isJobId, isRemoved, randomMark, type JobRecord } from './job.ts';
import { JobFiles, type Hint } from './jobFiles.ts';
import { eachOf } from './limiter.ts';
import { OldRecords } from './oldRecords.ts';
import type { Clock, Log } from './ports.ts';
import { longestSuspension, tidy } from './tidy.ts';
import { transition } from './transitions.ts';

/** This window no longer works on the job, because another one does or the job is gone. */
export class LostOwnershipError extends Error {
  constructor(id: string) {
    super(`Job ${id} no longer belongs to this window`);
    this.name = 'LostOwnershipError';
  }
}

export type NewJob = Omit<JobRecord, 'revision' | 'writes'>;
type Listener = (job: JobRecord | undefined, id: string) => void;

/** How many ended jobs stay in memory for the views. */
const endedInMemory = 200;
/** If other windows overtake a write more often than this, there is a bug. */
const writeAttempts = 50;
/** Greater than the number of writes that other windows can make while one is being confirmed. */
const keptMarks = 16;

export interface JobStoreOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** This window's ID, as used in the owner of a job. */
  readonly window: string;
  readonly isAlive: (window: string) => Promise<boolean>;
  /** Called after the storage was deleted while jobs were running, and has been restored. */
  readonly onRestored: () => void;
}

/**
 * This window's view of the jobs. Any window may write any job at any time, so a change is a function of the latest
 * record and is applied to exactly that record. If this view is outdated, writing fails, and the change is applied to
 * the record that another window wrote (jobFiles.ts).
 */
export class JobStore {
  readonly #options: JobStoreOptions;
  readonly #files: JobFiles;
  readonly #old: OldRecords;
  /** Unfinished jobs, and the latest ones that ended while this window was open. */
  readonly #jobs = new Map<string, JobRecord>();
  /** Jobs that are being added, by ID. Each promise resolves when all jobs of the submission are on disk. */
  readonly #adding = new Map<string, Promise<void>>();
  readonly #listeners = new Set<Listener>();
  #refreshing: Promise<void> | undefined;
  #restoring: Promise<void> | undefined;

  constructor(options: JobStoreOptions) {
    this.#options = options;
    const { disk, folder, clock, log, isAlive } = options;
    this.#files = new JobFiles(disk, folder, clock, log);
    this.#old = new OldRecords({ disk, folder, clock, log, isAlive, files: this.#files });
  }

  /** Changes whenever other windows start, resume, or stop a job. */
  get watchedFolder(): string {
    return this.#files.hintFolder;
  }

  /** Unfinished jobs, and the latest ones that ended while this window was open. */
  get known(): Iterable<JobRecord> {
    return this.#jobs.values();
  }

  get unfinished(): readonly JobRecord[] {
    return [...this.#jobs.values()].filter(job => !isEnded(job));
  }

  /** Whether a window with an earlier version still works on a job. Such a window doesn't announce when it's done. */
  get isUsedByOldWindow(): boolean {
    return this.#old.isInUse;
  }

  get(id: string): JobRecord | undefined {
    return this.#jobs.get(id);
  }

  /** The listener is called after any window changes a job. Its `job` is undefined if the job is gone. */
  onDidChange(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /**
   * Adds all of the jobs or none. They're in memory immediately, so that work on them can start. A change to one of the
   * jobs waits until all of them are on disk and is rejected if one can't be written.
   * @param ready resolves once the records may be written
   */
  add(
    jobs: readonly NewJob[],
    ready: Promise<void>,
  ): { readonly added: readonly JobRecord[]; readonly written: Promise<void> } {
    const { clock } = this.#options;
    const added = jobs.map((job): JobRecord => ({ ...job, revision: 0, writes: [randomMark(clock)] }));
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
   * Applies a change to the latest record, even if other windows keep writing in between. Returns the record as stored.
   * If `change` returns its argument, nothing is written; if it throws, the update ends. To retry after an error, pass
   * the same `mark`, because the first attempt may have taken effect.
   * @throws LostOwnershipError if there is no such job, or if it was removed and the change doesn't bring it back
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
    const change = (job: JobRecord) =>
      isEnded(job) && !isRemoved(job) ? transition(job, { type: 'removed' }, clock.now()) : job;
    await this.#change(id, change, randomMark(clock));
  }

  /** Finds any stored job, even if it was removed from the list. */
  async find(id: string): Promise<JobRecord | undefined> {
    return isJobId(id) ? (this.get(id) ?? this.#loadAny(id)) : undefined;
  }

  /** All jobs, newest first, including those that were removed from the list in the last 30 days. */
  async all(): Promise<JobRecord[]> {
    await this.refresh();
    await this.#old.moveAll();
    const ids = new Set([...this.#jobs.keys(), ...(await this.#files.ids())]);
    const found = await eachOf([...ids], async id => {
      const known = this.get(id);
      // Other windows don't announce changes to jobs that have ended.
      return known && !isEnded(known) ? known : this.#load(id);
    });
    const jobs = found.flatMap(job => job ?? []);
    await this.#files
      .addMissingHints(jobs.filter(job => !isEnded(job) && !this.#adding.has(job.id)))
      .catch((error: unknown) => this.#options.log.warn(`A hint couldn't be added: ${String(error)}`));
    return jobs.toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Reads what other windows wrote about unfinished jobs. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The latest record, read from disk. */
  async reload(id: string): Promise<JobRecord | undefined> {
    await this.#adding.get(id)?.catch(() => {});
    return this.#load(id);
  }

  tidy(): Promise<void> {
    return tidy(this.#files, this.#options.clock, this.#options.log);
  }

  async #addAll(jobs: readonly JobRecord[], ready: Promise<void>): Promise<void> {
    const added: JobRecord[] = [];
    try {
      await ready;
      await this.#files.makeFolders();
      await eachOf(jobs, async job => {
        added.push(job);
        await this.#addOne(job);
      });
    } catch (error) {
      for (const { id } of jobs) this.#forget(id);
      for (const job of added)
        await this.#takeBack(job).catch((failure: unknown) => this.#options.log.error(String(failure)));
      throw error;
    }
  }

  async #addOne(job: JobRecord): Promise<void> {
    let failure: unknown = new Error(`Job ${job.id} couldn't be written`);
    try {
      if (await this.#files.write(job)) return;
    } catch (error) {
      failure = error;
    }
    // The write may have taken effect, and another window may have taken over the job since.
    if (!(await this.#files.read(job.id))) throw failure;
  }

  /** Undoes adding a job because the submission failed. Must also work if the disk is full. */
  async #takeBack(job: JobRecord): Promise<void> {
    const { clock, log } = this.#options;
    const undo = (latest: JobRecord): JobRecord => {
      const now = clock.now();
      if (latest.owner?.claim === job.owner?.claim)
        return transition(transition(latest, { type: 'stopped' }, now), { type: 'removed' }, now);
      // If another window took over while this one was suspended, ask that window to stop.
      return isActive(latest) && !latest.stopRequested
        ? transition(latest, { type: 'stopRequested' }, now)
        : latest;
    };
    const isUndone = await this.#change(job.id, undo, randomMark(clock)).catch((error: unknown) => {
      log.warn(`Couldn't undo adding job ${job.id}, deleting its record: ${String(error)}`);
    });
    if (isUndone) return;
    // Remove only the revision that's known to be this window's own, because a later one may belong to a job that's
    // being charged. Another window that's about to write the next revision notices that its predecessor is gone.
    await this.#files.removeRevision(job);
    if ((await this.#files.latest(job.id)) < 0) await this.#files.dropHint(job);
  }

  async #change(
    id: string,
    change: (job: JobRecord) => JobRecord,
    mark: string,
  ): Promise<JobRecord | undefined> {
    const { clock } = this.#options;
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      if (attempt > 3) await clock.wait(clock.random() * 100);
      const known = attempt === 0 ? this.#jobs.get(id) : undefined;
      const before = known ?? (await this.#loadAny(id));
      if (!before || before.writes.includes(mark)) return before;
      const changed = change(before);
      if (changed === before) return before;
      if (isRemoved(before) && isRemoved(changed)) throw new LostOwnershipError(id);
      const writes = [...before.writes.slice(1 - keptMarks), mark];
      const next: JobRecord = { ...changed, revision: before.revision + 1, writes };
      try {
        if (!(await this.#files.write(next, before))) continue;
      } catch (error) {
        // The storage was deleted. Reading the job again restores it if it's this window's job.
        if (!isMissingFolder(error)) throw error;
        continue;
      }
      if (isRemoved(next)) this.#forget(id);
      else this.#keep(next);
      return next;
    }
    throw new Error(`Job ${id} is constantly being changed by other windows`);
  }

  async #refresh(): Promise<void> {
    await this.#old.moveUnfinished();
    const hints = await this.#files.hints();
    const ids = new Set([...hints.map(({ id }) => id), ...this.unfinished.map(({ id }) => id)]);
    await eachOf([...ids], id =>
      this.#refreshOne(id, hints).catch((error: unknown) =>
        this.#options.log.warn(`Couldn't read job ${id}, trying again later: ${String(error)}`),
      ),
    );
  }

  async #refreshOne(id: string, hints: readonly Hint[]): Promise<void> {
    if (this.#adding.has(id)) return;
    const known = this.#jobs.get(id);
    const isNew = (await this.#files.latest(id)) !== known?.revision;
    const job = isNew ? await this.#load(id) : known;
    if (!job || !isEnded(job)) return;
    const isStale = hints.some(hint => hint.id === id && hint.revision <= job.revision);
    if (isStale) await this.#files.dropHints(job);
  }

  /**
   * Restores the storage after it was deleted while jobs were running: writes the jobs in memory that no other window
   * works on. Jobs that `tidy` deleted aren't restored, because they were last written more than 30 days ago.
   */
  async #restore(): Promise<void> {
    const { log, onRestored } = this.#options;
    await this.#files.makeFolders();
    let count = 0;
    for (const job of [...this.#jobs.values()].filter(known => this.#isRestorable(known)))
      if ((await this.#files.latest(job.id)) < job.revision && (await this.#files.write(job))) count++;
    if (count === 0) return;
    log.error(`The storage of the jobs was deleted; ${count} jobs were written again`);
    onRestored();
  }

  #isRestorable({ id, owner, updatedAt }: JobRecord): boolean {
    const { window, clock } = this.#options;
    const isOurs = owner === undefined || owner.window === window;
    return isOurs && !this.#adding.has(id) && Math.abs(clock.now() - updatedAt) < longestSuspension;
  }

  /** The latest record, read from disk. */
  async #load(id: string): Promise<JobRecord | undefined> {
    const known = this.#jobs.get(id);
    // The job may not be on disk yet.
    if (known && this.#adding.has(id)) return known;
    let stored = await this.#files.read(id);
    // The record was deleted, or another window restored an older state.
    if (known && (stored?.revision ?? -1) < known.revision) {
      this.#restoring ??= this.#restore().finally(() => {
        this.#restoring = undefined;
      });
      await this.#restoring;
      stored = await this.#files.read(id);
      // The record may have been deleted again since.
      const isGone = (stored?.revision ?? -1) < known.revision && this.#isRestorable(known);
      if (isGone && (await this.#files.latest(id)) < known.revision) return known;
    }
    if (!stored || isRemoved(stored)) {
      // This window may have added or changed the job since the record was read.
      const latest = this.#jobs.get(id);
      if (latest !== known) return latest;
      this.#forget(id);
    }
    // The listing of a folder that's being changed may lack a file.
    else if (known && known.revision >= stored.revision) return known;
    else if (known || !isEnded(stored)) this.#keep(stored);
    return stored;
  }

  /** Like {@link #load}, but also finds jobs stored by an earlier version. */
  async #loadAny(id: string): Promise<JobRecord | undefined> {
    const job = await this.#load(id);
    if (job) return job;
    await this.#old.move(id);
    return this.#load(id);
  }

  #keep(job: JobRecord): void {
    const known = this.#jobs.get(job.id);
    if (known && known.revision >= job.revision) return;
    // Keep ended jobs in the order in which they ended.
    if (isEnded(job)) this.#jobs.delete(job.id);
    this.#jobs.set(job.id, job);
    const ended = isEnded(job) ? [...this.#jobs.values()].filter(isEnded) : [];
    for (const { id } of ended.slice(0, Math.max(0, ended.length - endedInMemory))) this.#jobs.delete(id);
    this.#tell(job, job.id);
  }

  #forget(id: string): void {
    if (this.#jobs.delete(id)) this.#tell(undefined, id);
  }

  #tell(job: JobRecord | undefined, id: string): void {
    for (const listener of this.#listeners) listener(job, id);
  }
}
