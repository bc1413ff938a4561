import type { Job } from '../../jobs/job.ts';
import type { AssetSource } from '../../shared/asset.ts';
import { sourceKey, type AssetView, type FormState } from '../../shared/protocol.ts';
import type { InputFacts } from './inputFacts.ts';
import type { LocalFiles } from './localFiles.ts';

/** Embedding more than this would delay the page longer than requesting the images separately. */
const maxContentBytes = 1024 * 1024;

/**
 * Limits the files that a form's page can read to inputs that were recognized as media and the files of the form's
 * jobs. Without this limit, the page could read any file by putting its path into the draft.
 */
export class ReadableFiles {
  readonly #files: LocalFiles;
  readonly #facts: InputFacts;
  readonly #jobs: () => Promise<readonly Job[]>;

  constructor(files: LocalFiles, facts: InputFacts, jobs: () => Promise<readonly Job[]>) {
    this.#files = files;
    this.#facts = facts;
    this.#jobs = jobs;
  }

  async read(source: AssetSource, from: number, length: number): Promise<Uint8Array> {
    const path = await this.#pathOf(source);
    const { readRange } = await import('../../assets/file.ts');
    return readRange(path, from, length);
  }

  /** Adds the content of small images, up to a total size limit. */
  async withContent(assets: FormState['assets']): Promise<FormState['assets']> {
    let left = maxContentBytes;
    const entries = Object.entries(assets).map(async ([uri, asset]): Promise<[string, AssetView]> => {
      if (asset.status !== 'ready' || !asset.mediaType || asset.info?.kind !== 'image') return [uri, asset];
      const { bytes: length } = asset.info;
      if (length > left) return [uri, asset];
      left -= length;
      const bytes = await this.read({ kind: 'file', uri }, 0, length).catch(() => undefined);
      return [uri, bytes ? { ...asset, content: Buffer.from(bytes).toString('base64') } : asset];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Cuts an audio file to the part between two times in seconds, for the page's player. */
  async cut(source: AssetSource, start: number, end: number): Promise<unknown> {
    const path = await this.#pathOf(source);
    const { cutForPlayback } = await import('../../assets/playback.ts');
    return cutForPlayback(path, sourceKey(source), { start, end });
  }

  async #pathOf(source: AssetSource): Promise<string> {
    if (source.kind !== 'file' || !(this.#facts.lookup(source)?.info || (await this.#isOfJob(source.uri))))
      throw new Error('The page requested a file that it must not read');
    return this.#files.pathOf(source.uri);
  }

  async #isOfJob(uri: string): Promise<boolean> {
    const jobs = await this.#jobs();
    return jobs.some(
      ({ request, results }) =>
        results.includes(uri) || Object.values(request.inputs).some(source => sourceKey(source) === uri),
    );
  }
}
