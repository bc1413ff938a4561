import type { ByteReader } from './file.ts';
import type { Frame, FrameFormat } from './frameFormats.ts';

/** A frame and where it stands: byte in the file, sample in the recording. */
export interface PlacedFrame extends Frame {
  readonly at: number;
  readonly sample: number;
}

const chunkBytes = 1 << 20;
/** Enough for a broken stretch in a damaged recording; a file without frames is given up soon. */
const longestGap = 1 << 20;

/**
 * Walks over the frames from byte `from`, reading the file once in large pieces. Stretches that are no frames (tags,
 * damage) are skipped as decoders do: until two frames of the same stream follow each other.
 */
export async function walkFrames(
  file: ByteReader,
  format: FrameFormat,
  from: number,
  visit: (frame: PlacedFrame) => boolean | void,
  signal?: AbortSignal,
): Promise<void> {
  let base = from;
  let at = from;
  let gap = 0;
  let sample = 0;
  let stream: number | undefined;
  while (at < file.size && gap < longestGap) {
    signal?.throwIfAborted();
    base = at;
    const bytes = await file.read(base, chunkBytes);
    if (bytes.length === 0) return;
    const isLast = base + bytes.length >= file.size;
    // A header must be whole to be judged, and so must the next one while the walk is out of step.
    while (at - base + format.headerBytes <= bytes.length) {
      const frame = format.parse(bytes, at - base);
      const fits = frame !== undefined && (stream === undefined || frame.stream === stream);
      if (fits && gap > 0 && at + frame.bytes + format.headerBytes > base + bytes.length && !isLast) break;
      if (fits && (gap === 0 || isFollowed(bytes, at - base, frame, format))) {
        stream ??= frame.stream;
        gap = 0;
        if (at + frame.bytes > file.size) return;
        if (visit({ ...frame, at, sample }) === false) return;
        sample += frame.samples;
        at += frame.bytes;
      } else {
        gap++;
        at++;
        if (gap >= longestGap) return;
      }
    }
    if (at === base) return;
  }
}

function isFollowed(bytes: Uint8Array, at: number, frame: Frame, format: FrameFormat): boolean {
  const next = at + frame.bytes;
  return next + format.headerBytes > bytes.length || format.parse(bytes, next)?.stream === frame.stream;
}
