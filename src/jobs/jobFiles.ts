import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { isActive, isEnded, isJobId, type JobRecord } from './job.ts';
import type { Clock, Log } from './ports.ts';
import { isComplete, parseRecord, serializeRecord } from './record.ts';
import { Revisions } from './revisions.ts';

/** Indicates that a job is unfinished as of this revision. */
export interface Hint {
  readonly id: string;
  readonly revision: number;
}

/** How many times to try reading a record that other windows keep replacing. */
const readAttempts = 5;

/**
 * This machine's jobs on disk, shared by all windows:
 *
 *     records/<id>/<revision>.json   the record; the highest revision counts (revisions.ts)
 *     unfinished/<id>.<revision>     an empty hint: the job is unfinished as of that revision
 *
 * A hint is created before the revision it names and removed after the revision that ends the job. So a hint may be
 * stale, but it's missing only if a window died while the storage was deleted or unreadable; `addMissingHints` repairs
 * that. Windows watch the hint folder, so a new hint also tells them that there's something to do.
 * A record that this version can't read is left alone; its revision still fences older windows.
 */
export class JobFiles {
  readonly hintFolder: string;
  readonly #recordFolder: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Records that can't be read, by ID. A record may be half written, so it's read again once its text has changed. */
  readonly #unreadable = new Map<string, { readonly revision: number; readonly text: string }>();

  constructor(disk: Disk, folder: string, clock: Clock, log: Log) {
    this.hintFolder = join(folder, 'unfinished');
    this.#recordFolder = join(folder, 'records');
    this.#disk = disk;
    this.#clock = clock;
    this.#log = log;
  }

  /** Call this before writing the first record of a job, because the storage may have been deleted at any time. */
  async makeFolders(): Promise<void> {
    await this.#disk.makeFolder(this.#recordFolder);
    await this.#disk.makeFolder(this.hintFolder);
  }

  /** The IDs of all jobs. */
  async ids(): Promise<string[]> {
    return (await this.#disk.list(this.#recordFolder)).filter(isJobId);
  }

  async hints(): Promise<Hint[]> {
    return (await this.#disk.list(this.hintFolder)).flatMap(name => parseHint(name) ?? []);
  }

  /** Returns the highest revision of a job, or -1 if there is none. */
  latest(id: string): Promise<number> {
    return this.#revisions(id).latest();
  }

  /**
   * Returns undefined if there is no such job, or if this version can't read its record.
   * @throws if the record can't be read at the moment
   */
  async read(id: string): Promise<JobRecord | undefined> {
    const revisions = this.#revisions(id);
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === readAttempts;
      const revision = await revisions.latest();
      if (revision < 0) return undefined;
      const unreadable = this.#unreadable.get(id);
      if (unreadable?.revision === revision && isComplete(unreadable.text)) return undefined;
      const text = await revisions.read(revision).catch((error: unknown) => {
        if (isLast) throw error;
        return undefined;
      });
      const job = text === undefined ? undefined : parseRecord(text);
      if (job?.id === id) return { ...job, revision };
      if (unreadable?.revision === revision && text === unreadable.text) return undefined;
      if (!isLast) {
        // The record was just replaced, is temporarily unreadable, or is half written (without hard links).
        if (attempt > 1) await this.#clock.wait(20 * 2 ** attempt);
        continue;
      }
      if (text === undefined) throw new Error(`Job ${id} is listed but can't be read (ENOENT)`);
      if (!isComplete(text) && (await revisions.removeIncomplete(revision))) return this.read(id);
      this.#log.error(`Job ${id} can't be read (revision ${revision}) and is left alone`);
      this.#unreadable.set(id, { revision, text });
      return undefined;
    }
  }

  /**
   * The compare-and-swap: writes `next` as the revision after `before`, or as the first revision. Resolves to false if
   * another window may have been faster.
   */
  async write(next: JobRecord, before?: JobRecord): Promise<boolean> {
    const { id, revision } = next;
    const text = serializeRecord(next);
    const isOpened = !isEnded(next) && (!before || isEnded(before));
    if (isOpened || (needsAttention(next) && !(before && needsAttention(before))))
      await this.#disk.create(this.#hintPath({ id, revision }), '', isOpened);
    // Created after the hint, so that nothing can be written to this folder without a hint.
    if (!before) await this.#disk.makeFolder(join(this.#recordFolder, id));
    if (!(await this.#revisions(id).write(revision, text, before?.writes.at(-1)))) return false;
    if (isEnded(next)) await this.dropHints(next);
    return true;
  }

  /** Drops the hints of an ended job. Keeps one with a higher revision, because a window has just resumed the job. */
  async dropHints({ id, revision }: JobRecord): Promise<void> {
    try {
      for (const hint of await this.hints())
        if (hint.id === id && hint.revision <= revision) await this.dropHint(hint);
    } catch (error) {
      // The next refresh tries again.
      this.#log.warn(`A hint of job ${id} couldn't be removed: ${String(error)}`);
    }
  }

  async dropHint(hint: Hint): Promise<void> {
    await this.#disk.remove(this.#hintPath(hint));
  }

  /** If one of these jobs has ended since it was read, the new hint is stale and gets dropped like any other. */
  async addMissingHints(unfinished: readonly JobRecord[]): Promise<void> {
    const found = new Set((await this.hints()).map(({ id }) => id));
    for (const { id, revision } of unfinished) {
      if (found.has(id)) continue;
      await this.#disk.makeFolder(this.hintFolder);
      await this.#disk.create(this.#hintPath({ id, revision }), '', true);
    }
  }

  /** Removes one revision of a record. */
  async removeRevision({ id, revision }: JobRecord): Promise<void> {
    await this.#revisions(id).remove(revision);
  }

  /** Removes everything that's stored for a job. */
  async remove(id: string): Promise<void> {
    await this.#disk.removeFolder(join(this.#recordFolder, id));
  }

  #revisions(id: string): Revisions {
    return new Revisions(this.#disk, join(this.#recordFolder, id));
  }

  #hintPath({ id, revision }: Hint): string {
    return join(this.hintFolder, `${id}.${revision}`);
  }
}

function parseHint(name: string): Hint | undefined {
  const [, id, revision] = /^([\w-]{1,80})\.(\d+)$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, revision: Number(revision) };
}

/** Whether other windows should act on the job: take it over or stop it. */
const needsAttention = (job: JobRecord): boolean =>
  isActive(job) && !job.blocked && (!job.owner || job.stopRequested === true);
