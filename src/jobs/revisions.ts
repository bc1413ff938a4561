import { join } from 'node:path';
import type { Disk } from './disk.ts';

/**
 * One record, in a folder of its own, that several processes can change without overwriting each other. Each write
 * creates the file with the next number, which only one process can do: a compare-and-swap based on exclusive creation.
 * The highest number counts, so a process that was suspended and still relies on a lower one can't do any harm.
 *
 * After a write, files with lower numbers are removed in ascending order. So while a file's predecessor exists, no
 * other process has ever created a file with that number.
 */
export class Revisions {
  readonly #folder: string;
  readonly #disk: Disk;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** Returns the highest revision, or -1 if there is none. */
  async latest(): Promise<number> {
    return (await this.#all()).at(-1) ?? -1;
  }

  read(revision: number): Promise<string | undefined> {
    return this.#disk.read(this.#path(revision));
  }

  /**
   * Writes `revision` unless another process already has. `before` is part of the text of the preceding revision.
   * Resolves to false if another process has written `revision`, or may have. The caller must then read the latest
   * revision and check whether it includes this write.
   */
  async write(revision: number, text: string, before: string | undefined): Promise<boolean> {
    if (!(await this.#disk.create(this.#path(revision), text, true))) return false;
    if (before !== undefined && (await this.read(revision - 1))?.includes(before) !== true) {
      // This write was late, and its number was free because that file was removed long ago. Or the record was deleted
      // or replaced. Or another process has already written the next revision, and its text shows that.
      await this.remove(revision);
      return false;
    }
    await this.#removeBelow(revision);
    return true;
  }

  async remove(revision: number): Promise<void> {
    await this.#disk.remove(this.#path(revision));
  }

  /**
   * Removes a revision that a window didn't finish writing, which is possible only without hard links. Its predecessor
   * still exists. Resolves to false if the revision was finished, so something else is wrong with it.
   */
  async removeIncomplete(revision: number): Promise<boolean> {
    const isFinished = !(await this.#all()).includes(revision - 1);
    if (!isFinished) await this.remove(revision);
    return !isFinished;
  }

  /** Best effort. Remaining files are removed after the next write. */
  async #removeBelow(revision: number): Promise<void> {
    try {
      for (const other of await this.#all()) if (other < revision) await this.remove(other);
    } catch {
      // Another program is using a file.
    }
  }

  /** In ascending order. */
  async #all(): Promise<number[]> {
    const revisions = new Set<number>();
    for (const name of await this.#disk.list(this.#folder)) {
      const revision = /^(\d+)\.json$/.exec(name)?.[1];
      if (revision !== undefined) revisions.add(Number(revision));
    }
    return [...revisions].toSorted((a, b) => a - b);
  }

  #path(revision: number): string {
    return join(this.#folder, `${revision}.json`);
  }
}
