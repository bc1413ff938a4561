import { join } from 'node:path';
import type { Disk } from './disk.ts';

/**
 * One record that several processes change without overwriting each other, in a folder of its own. Each write creates
 * the next numbered file, which only one process can do: a compare-and-swap based on exclusive creation. The highest
 * number counts, so a process that was suspended and still relies on an older one can't do any harm.
 *
 * Lower numbers are removed in ascending order after a write. So while a file's predecessor exists, no other process
 * has ever created a file with that number.
 */
export class Revisions {
  readonly #folder: string;
  readonly #disk: Disk;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** The highest revision; -1: there is none. */
  async latest(): Promise<number> {
    return (await this.#all()).at(-1) ?? -1;
  }

  read(revision: number): Promise<string | undefined> {
    return this.#disk.read(this.#path(revision));
  }

  /**
   * Writes `revision` if no one has yet. `before` is part of the text of the revision it follows. false: another
   * process has, or may have; read the latest revision and check whether it includes this write.
   */
  async write(revision: number, text: string, before: string | undefined): Promise<boolean> {
    if (!(await this.#disk.create(this.#path(revision), text, true))) return false;
    if (before !== undefined && (await this.read(revision - 1))?.includes(before) !== true) {
      // This write was late, and its number was free because that file was removed long ago; or the record was deleted
      // or replaced; or another process has already written on top of this one, which its record shows.
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
   * Removes a revision that a window started but didn't finish writing, which is possible only without hard links: its
   * predecessor still exists. false: it was finished, so something else is wrong with it.
   */
  async removeIncomplete(revision: number): Promise<boolean> {
    const isFinished = !(await this.#all()).includes(revision - 1);
    if (!isFinished) await this.remove(revision);
    return !isFinished;
  }

  /** Best effort: what remains is removed after the next write. */
  async #removeBelow(revision: number): Promise<void> {
    try {
      for (const other of await this.#all()) if (other < revision) await this.remove(other);
    } catch {
      // In use by another program.
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
