import { join } from 'node:path';
import type { Disk } from './disk.ts';

/**
 * One record that several processes change without overwriting each other, in a folder of its own. Each write creates
 * the next numbered file, which only one process can do: a compare-and-swap made of an exclusive create. The highest
 * number counts, so a process that was suspended and still believes in an older one can't do harm.
 *
 * Lower numbers are removed in ascending order after a write. So while a file's predecessor exists, no other process
 * has ever made a file of that number.
 */
export class Revisions {
  readonly folder: string;
  readonly #disk: Disk;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.folder = folder;
  }

  /** The highest revision; -1: there is none. */
  async latest(): Promise<number> {
    return (await this.#all()).at(-1) ?? -1;
  }

  read(revision: number): Promise<string | undefined> {
    return this.#disk.read(this.#path(revision));
  }

  /**
   * Writes `revision` if nobody did before. `before` is part of the text of the revision it follows. false: somebody
   * did, or may have; read the latest one and check whether this write is part of it.
   */
  async write(revision: number, text: string, before: string | undefined): Promise<boolean> {
    if (!(await this.#disk.create(this.#path(revision), text, true))) return false;
    // Without hard links the name comes before the text, so another window may have taken it for incomplete.
    if ((await this.read(revision)) !== text) return false;
    if (before !== undefined && (await this.read(revision - 1))?.includes(before) !== true) {
      // It came late, and its number was free because its file is long gone; or the record was deleted or replaced; or
      // another process has already built upon this write, which shows in what that one wrote.
      await this.#disk.remove(this.#path(revision));
      return false;
    }
    await this.#removeBelow(revision);
    return true;
  }

  /**
   * Removes a revision that a window began to write and didn't finish, which only file systems without hard links show:
   * its predecessor is still there. false: it was finished, so something else is wrong with it.
   */
  async removeIncomplete(revision: number): Promise<boolean> {
    const isFinished = !(await this.#all()).includes(revision - 1);
    if (!isFinished) await this.#disk.remove(this.#path(revision));
    return !isFinished;
  }

  /** Best effort: what stays is removed after the next write. */
  async #removeBelow(revision: number): Promise<void> {
    try {
      for (const other of await this.#all()) if (other < revision) await this.#disk.remove(this.#path(other));
    } catch {
      // In use by another program.
    }
  }

  /** In ascending order. */
  async #all(): Promise<number[]> {
    const revisions = new Set<number>();
    for (const name of await this.#disk.list(this.folder)) {
      const revision = /^(\d+)\.json$/.exec(name)?.[1];
      if (revision !== undefined) revisions.add(Number(revision));
    }
    return [...revisions].toSorted((a, b) => a - b);
  }

  #path(revision: number): string {
    return join(this.folder, `${revision}.json`);
  }
}
