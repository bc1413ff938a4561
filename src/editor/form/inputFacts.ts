import { checkAssetUrl } from '../../assets/urls.ts';
import type { AssetSource } from '../../shared/asset.ts';
import type { AssetLookup } from '../../shared/draft.ts';
import { isShown, mediaTypeOf } from '../../shared/formats.ts';
import { HumanError, type Message } from '../../shared/message.ts';
import { sourceKey, type AssetView } from '../../shared/protocol.ts';
import type { AssetKind } from '../../tools/tool.ts';
import type { Log } from '../../jobs/ports.ts';
import { nameOf } from '../assetName.ts';
import type { LocalFiles } from './localFiles.ts';

/** Reads facts about a form's inputs in the background. */
export class InputFacts {
  readonly #files: LocalFiles;
  readonly #log: Log;
  readonly #tell: () => void;
  readonly #views = new Map<string, AssetView>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(files: LocalFiles, log: Log, tell: () => void) {
    this.#files = files;
    this.#log = log;
    this.#tell = tell;
  }

  get views(): Readonly<Record<string, AssetView>> {
    return Object.fromEntries(this.#views);
  }

  /** For `checkDraft`. An input that is still being read counts as valid, because it is read again on submit. */
  readonly lookup: AssetLookup = source => {
    const view = this.#views.get(sourceKey(source));
    if (view?.status === 'problem') return { problem: view.message };
    return view?.status === 'ready' && view.info ? { info: view.info } : undefined;
  };

  /** Reads an input unless it has already been read or is being read. */
  want(source: AssetSource, kind: AssetKind): void {
    const key = sourceKey(source);
    if (this.#views.has(key)) return;
    this.#views.set(key, { status: 'reading', name: nameOf(source) });
    void this.#read(source, kind);
  }

  /** Reads inputs again, because files may have changed since they were last read. */
  async renew(sources: readonly { readonly source: AssetSource; readonly kind: AssetKind }[]): Promise<void> {
    await Promise.all(sources.map(({ source, kind }) => this.#read(source, kind)));
  }

  /** Resolves when all reads in progress have finished. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading.values());
  }

  /** Forgets inputs that are no longer in the form. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#views.keys()) if (!keys.has(key)) this.#views.delete(key);
  }

  #read(source: AssetSource, kind: AssetKind): Promise<void> {
    const key = sourceKey(source);
    let reading = this.#reading.get(key);
    if (!reading) {
      reading = this.#view(source, kind)
        .then(view => {
          if (JSON.stringify(this.#views.get(key)) === JSON.stringify(view)) return;
          this.#views.set(key, view);
          this.#tell();
        })
        .finally(() => this.#reading.delete(key));
      this.#reading.set(key, reading);
    }
    return reading;
  }

  async #view(source: AssetSource, kind: AssetKind): Promise<AssetView> {
    const name = nameOf(source);
    try {
      if (source.kind === 'url') {
        checkAssetUrl(source.url, kind);
        return { status: 'ready', name };
      }
      const { path, modified } = await this.#files.open(source.uri);
      const { probe } = await import('../../assets/probe.ts');
      const found = await probe(path, { name, kind });
      // Use the modification time of the original file, not that of our copy.
      const info = modified === undefined ? found : { ...found, modified };
      return {
        status: 'ready',
        name,
        info,
        ...(isShown(name, kind) && { mediaType: mediaTypeOf(name, kind) }),
      };
    } catch (error) {
      return { status: 'problem', name, message: this.#messageFor(error) };
    }
  }

  #messageFor(error: unknown): Message {
    if (error instanceof HumanError) return error.text;
    this.#log.error(error instanceof Error ? error : String(error));
    return { key: 'editor.unreadable' };
  }
}
