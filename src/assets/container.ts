import type { Input } from 'mediabunny';
import type { ByteReader } from './file.ts';

/**
 * Limits reads to what a valid file can need. Otherwise, elements that contain themselves would keep mediabunny busy
 * forever. The limit allows for mediabunny rereading an entire Ogg page for each of its up to 255 packets.
 */
function readLimit(size: number): (bytes: number) => void {
  let reads = 5_000 + size / 64;
  let total = 256 * size;
  return bytes => {
    total -= bytes;
    if (reads-- <= 0 || total < 0) throw new Error('The structure of this file is circular or too complex');
  };
}

/** Opens a container that mediabunny reads: MPEG-4, WebM/Matroska, or Ogg. mediabunny is loaded on first use. */
export async function openContainer(file: ByteReader): Promise<Input & Disposable> {
  const { CustomSource, Input, MATROSKA, MP4, OGG, QTFF, WEBM } = await import('./mediabunny.ts');
  const read = readAhead(file);
  const count = readLimit(file.size);
  return new Input({
    formats: [MP4, QTFF, WEBM, MATROSKA, OGG],
    source: new CustomSource({
      getSize: () => file.size,
      read(start, end) {
        count(end - start);
        return read(start, end);
      },
      // With its own cache, mediabunny would loop without reading, so the limit would never apply.
      maxCacheSize: 0,
      prefetchProfile: 'none',
      // A failed read that nothing awaits must not crash the extension host. Code that awaits it still gets the error.
      handleUnhandledError: () => undefined,
    }),
  });
}

const windowBytes = 1 << 16;
const windows = 8;

/** Serves small reads that are close together from one buffer. */
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
