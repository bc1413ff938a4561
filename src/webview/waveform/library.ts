import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import { sourceKey } from '../../shared/protocol.ts';
import type { Ask } from '../channel.ts';
import { rangeReader } from '../media/bytes.ts';
import { inTurns } from '../media/turns.ts';
import type { Decoder } from './decode.ts';
import { Peaks } from './peaks.ts';

/** The picture of one recording while it comes into being. */
export interface Sketch {
  readonly peaks: Peaks;
  /** `impossible`: this build of VS Code cannot decode the recording. */
  readonly status: 'waiting' | 'drawing' | 'done' | 'impossible';
  /** Asks for every frame of a part that is looked at. */
  refine(from: number, to: number): void;
}

interface Entry extends Sketch {
  status: Sketch['status'];
  readonly listeners: Set<() => void>;
  readonly stop: AbortController;
  decoder?: Decoder;
}

/** Decodes each recording once, however many rows show it, one after the other, and stops when none does. */
export class SketchLibrary {
  readonly #ask: Ask;
  readonly #entries = new Map<string, Entry>();
  readonly #inTurns = inTurns(1);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Calls `onChange` whenever there is more to see, until the returned function is called. */
  open(
    source: AssetSource,
    info: AssetInfo & { readonly seconds: number },
    onChange: () => void,
  ): { readonly sketch: Sketch; close(): void } {
    const key = `${sourceKey(source)}\n${info.modified}\n${info.bytes}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = this.#begin(source, info);
      this.#entries.set(key, entry);
    }
    const open = entry;
    open.listeners.add(onChange);
    return {
      sketch: open,
      close: () => {
        open.listeners.delete(onChange);
        if (open.listeners.size > 0) return;
        open.stop.abort();
        this.#entries.delete(key);
      },
    };
  }

  #begin(source: AssetSource, info: AssetInfo & { readonly seconds: number }): Entry {
    const peaks = new Peaks(info.seconds);
    const tell = () => {
      for (const listener of entry.listeners) listener();
    };
    const entry: Entry = {
      peaks,
      status: 'waiting',
      listeners: new Set(),
      stop: new AbortController(),
      refine: (from, to) => {
        void this.#inTurns(async () => {
          if (!entry.stop.signal.aborted) await entry.decoder?.refine(peaks, from, to, tell);
        }).catch(() => undefined);
      },
    };
    void this.#inTurns(() => this.#decode(source, info, entry, tell)).catch(() => {
      // A file that breaks off in the middle keeps the part that could be drawn.
      if (entry.status === 'waiting') entry.status = 'impossible';
      else entry.status = 'done';
      tell();
    });
    return entry;
  }

  async #decode(
    source: AssetSource,
    info: AssetInfo & { readonly seconds: number },
    entry: Entry,
    tell: () => void,
  ): Promise<void> {
    const { signal } = entry.stop;
    if (signal.aborted) return;
    const { openDecoder } = await import('./decode.ts');
    const decoder = await openDecoder(
      {
        read: rangeReader(this.#ask, source),
        bytes: info.bytes,
        extension: info.extension,
        seconds: info.seconds,
      },
      signal,
    );
    if (!decoder) {
      entry.status = 'impossible';
      tell();
      return;
    }
    entry.decoder = decoder;
    entry.status = 'drawing';
    signal.addEventListener('abort', () => decoder.close(), { once: true });
    await decoder.fill(entry.peaks, tell);
    if (signal.aborted) return;
    entry.status = 'done';
    tell();
  }
}
