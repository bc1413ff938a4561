import type { Decoder } from './decode.ts';
import { Peaks } from './peaks.ts';
import type { AudioFile } from './waveform.ts';

/** The levels of an audio file, which are filled in as decoding proceeds. */
export interface DecodedAudio {
  readonly peaks: Peaks;
  /** `undecodable` means that this build of VS Code can't decode the format. */
  readonly status: 'waiting' | 'decoding' | 'done' | 'undecodable';
  /** Decodes a visible range in full detail. */
  refine(from: number, to: number): void;
}

interface Entry extends DecodedAudio {
  status: DecodedAudio['status'];
  readonly listeners: Set<() => void>;
  readonly stop: AbortController;
  decoder?: Decoder;
}

/** Decodes audio files one at a time, and each only once while any row shows it. */
export class WaveformCache {
  readonly #entries = new Map<string, Entry>();
  #queue: Promise<void> = Promise.resolve();

  /** Calls `onChange` whenever more audio has been decoded, until `close` is called. */
  open(
    file: AudioFile,
    onChange: () => void,
  ): { readonly decoded: DecodedAudio; readonly close: () => void } {
    let entry = this.#entries.get(file.key);
    if (!entry) {
      entry = this.#start(file);
      this.#entries.set(file.key, entry);
    }
    const decoded = entry;
    decoded.listeners.add(onChange);
    return {
      decoded,
      close: () => {
        decoded.listeners.delete(onChange);
        if (decoded.listeners.size > 0) return;
        decoded.stop.abort();
        this.#entries.delete(file.key);
      },
    };
  }

  #start(file: AudioFile): Entry {
    const peaks = new Peaks(file.seconds);
    const notify = () => {
      for (const listener of entry.listeners) listener();
    };
    const entry: Entry = {
      peaks,
      status: 'waiting',
      listeners: new Set(),
      stop: new AbortController(),
      refine: (from, to) =>
        this.#enqueue(async () => {
          if (!entry.stop.signal.aborted) await entry.decoder?.refine(peaks, from, to, notify);
        }),
    };
    this.#enqueue(() =>
      decode(file, entry, notify).catch(() => {
        // If the file is truncated, keep the part that could be decoded.
        entry.status = entry.status === 'waiting' ? 'undecodable' : 'done';
        notify();
      }),
    );
    return entry;
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch(() => undefined);
  }
}

async function decode(file: AudioFile, entry: Entry, notify: () => void): Promise<void> {
  const { signal } = entry.stop;
  if (signal.aborted) return;
  const { openDecoder } = await import('./decode.ts');
  const decoder = await openDecoder(file, signal);
  if (!decoder) {
    entry.status = 'undecodable';
    notify();
    return;
  }
  entry.decoder = decoder;
  entry.status = 'decoding';
  signal.addEventListener('abort', () => decoder.close(), { once: true });
  await decoder.fill(entry.peaks, notify);
  if (signal.aborted) return;
  entry.status = 'done';
  notify();
}
