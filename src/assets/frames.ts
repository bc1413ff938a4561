import type { ByteReader } from './file.ts';
import type { Frame, FrameFormat } from './frameFormats.ts';

/** A frame with its offset in the file and the position of its first sample in the audio. */
export interface PlacedFrame extends Frame {
  readonly at: number;
  readonly sample: number;
}

const chunkBytes = 1 << 20;
/** Large enough to get past a damaged part of a file, but small enough to give up quickly on a file without frames. */
const maxGap = 1 << 20;

/**
 * Visits the frames from an offset on, reading the file once in large chunks. Like decoders, skips anything else (tags,
 * damage) until two consecutive frames of the same stream are found.
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
  while (at < file.size && gap < maxGap) {
    signal?.throwIfAborted();
    base = at;
    const bytes = await file.read(base, chunkBytes);
    if (bytes.length === 0) return;
    const isLast = base + bytes.length >= file.size;
    // The frame's header must be complete. After a gap, the next header must be complete, too.
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
        if (gap >= maxGap) return;
      }
    }
    if (at === base) return;
  }
}

function isFollowed(bytes: Uint8Array, at: number, frame: Frame, format: FrameFormat): boolean {
  const next = at + frame.bytes;
  return next + format.headerBytes > bytes.length || format.parse(bytes, next)?.stream === frame.stream;
}
