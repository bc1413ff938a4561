import type { AssetSource } from '../../shared/asset.ts';
import { sourceKey } from '../../shared/protocol.ts';
import type { LocalFiles } from './localFiles.ts';

/** What the page of a form may read: the files that its form shows, and nothing else. */
export class ShownFiles {
  readonly #files: LocalFiles;
  readonly #keys: () => Promise<ReadonlySet<string>>;

  /** @param keys What is shown just now, by {@link sourceKey}. */
  constructor(files: LocalFiles, keys: () => Promise<ReadonlySet<string>>) {
    this.#files = files;
    this.#keys = keys;
  }

  async read(source: AssetSource, from: number, length: number): Promise<Uint8Array> {
    const { readRange } = await import('../../assets/readRange.ts');
    return readRange(await this.#pathOf(source), from, length);
  }

  /** The part of a recording between two times in seconds, as a file of its own for the page's player. */
  async cut(source: AssetSource, start: number, end: number): Promise<unknown> {
    const path = await this.#pathOf(source);
    const { cutForPlayback } = await import('../../assets/playback.ts');
    return cutForPlayback(path, sourceKey(source), { start, end });
  }

  async #pathOf(source: AssetSource): Promise<string> {
    if (source.kind !== 'file' || !(await this.#keys()).has(sourceKey(source)))
      throw new Error('The form asked for a file that it does not show');
    return this.#files.pathOf(source.uri);
  }
}
