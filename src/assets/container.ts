import type { Input } from 'mediabunny';
import type { ByteReader } from './file.ts';

/** Far more reads than a sound file needs: a chain of elements that leads back to itself is broken off here. */
const readLimit = (size: number): number => 5_000 + size / 64;

/** Sound in a container that mediabunny reads: MPEG-4, WebM/Matroska, Ogg. Loaded on first use. */
export async function openContainer(file: ByteReader): Promise<Input & Disposable> {
  const { CustomSource, Input, MATROSKA, MP4, OGG, QTFF, WEBM } = await import('./mediabunny.ts');
  const cached = readAhead(file);
  let left = readLimit(file.size);
  return new Input({
    formats: [MP4, QTFF, WEBM, MATROSKA, OGG],
    source: new CustomSource({
      getSize: () => file.size,
      read(start, end) {
        if (left-- <= 0) throw new Error('This file leads in circles');
        return cached(start, end);
      },
      // Without a cache of its own mediabunny asks for each read, so that the limit holds: from its cache it would go
      // round in circles without an end (a WebM whose segment contains itself is enough) and block the whole process.
      maxCacheSize: 0,
      prefetchProfile: 'none',
      // A read that fails while nobody waits must not end the extension host; who waits gets it anyway.
      handleUnhandledError: () => undefined,
    }),
  });
}

const windowBytes = 1 << 16;
const windows = 8;

/** Small reads that lie near each other are served from what was read before. */
function readAhead(file: ByteReader): (start: number, end: number) => Promise<Uint8Array> {
  const recent: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  return async (start, end) => {
    if (end - start > windowBytes) return await file.read(start, end - start);
    const known = recent.find(each => each.start <= start && end <= each.start + each.bytes.length);
    if (known) return known.bytes.slice(start - known.start, end - known.start);
    const bytes = await file.read(start, windowBytes);
    recent.unshift({ start, bytes });
    recent.length = Math.min(recent.length, windows);
    return bytes.slice(0, end - start);
  };
}
