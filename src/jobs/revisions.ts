import { join } from 'node:path';
import type { Disk } from './disk.ts';

const pattern = /^([\w-]+)\.(\d+)\.json$/;

/** `<name>.<revision>.json`, or undefined for anything else (temporary files, files set aside, foreign ones). */
export function parseRevision(
  file: string,
): { readonly name: string; readonly revision: number } | undefined {
  const match = pattern.exec(file);
  return match?.[1] === undefined ? undefined : { name: match[1], revision: Number(match[2]) };
}

/**
 * Small records that several processes change without overwriting each other. Each write makes the next numbered
 * file, which only one can: a compare-and-swap made of an exclusive create. The highest number is the truth, so a
 * process that slept and still believes in an older one cannot do harm.
 */
export class Revisions {
  readonly folder: string;
  readonly #disk: Disk;
  readonly #durable: boolean;

  constructor(disk: Disk, folder: string, options: { readonly durable: boolean }) {
    this.#disk = disk;
    this.folder = folder;
    this.#durable = options.durable;
  }

  path(name: string, revision: number): string {
    return join(this.folder, `${name}.${revision}.json`);
  }

  /** The highest revision of every record, by name. */
  async heads(): Promise<Map<string, number>> {
    const heads = new Map<string, number>();
    for (const file of await this.#disk.list(this.folder)) {
      const parsed = parseRevision(file);
      if (parsed && parsed.revision > (heads.get(parsed.name) ?? -1)) heads.set(parsed.name, parsed.revision);
    }
    return heads;
  }

  /** Revisions of one record, highest first. */
  async of(name: string): Promise<number[]> {
    return (await this.#disk.list(this.folder))
      .map(parseRevision)
      .filter(parsed => parsed?.name === name)
      .map(parsed => parsed?.revision ?? 0)
      .toSorted((a, b) => b - a);
  }

  /**
   * Writes revision `revision` if nobody did before. false: somebody did, or may have: read again and look whether
   * this write is part of what is there.
   */
  async write(name: string, revision: number, text: string): Promise<boolean> {
    if (!(await this.#disk.create(this.path(name, revision), text, this.#durable))) return false;
    const all = await this.of(name);
    // The number was free only because its file is long gone: whoever wrote it is behind.
    const isBehind = all.some(other => other > revision);
    if (isBehind) await this.#disk.remove(this.path(name, revision));
    else await this.removeBelow(name, revision, all);
    return !isBehind && all.includes(revision);
  }

  async removeBelow(name: string, revision: number, all?: readonly number[]): Promise<void> {
    const older = (all ?? (await this.of(name))).filter(other => other < revision);
    await Promise.all(older.map(other => this.#disk.remove(this.path(name, other))));
  }
}
