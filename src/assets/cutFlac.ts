import type { Cutter } from './clip.ts';
import { viewOf } from './bytes.ts';
import { crc16 } from './crc.ts';
import type { ByteReader } from './file.ts';
import {
  maxHeaderBytes,
  readFlacFrame,
  readFlacMetadata,
  renumbered,
  type FlacFrame,
  type FlacMetadata,
} from './flac.ts';

const windowBytes = 1 << 18;
/** Enough for 65,535 samples of 8 channels with 32 bits. */
const maxFrameBytes = 1 << 21;

interface Found extends FlacFrame {
  /** Offset in the file. */
  readonly at: number;
}

/**
 * Writes a new STREAMINFO and copies complete frames, numbered from 0, because decoders treat a stream that starts in
 * the middle as damaged. FLAC has no index, so the first frame is found by bisection.
 */
export const cutFlac: Cutter = async (file, { from, clip, target, signal }) => {
  const head = await readFlacMetadata(file, from);
  if (!head) return undefined;
  const start = await frameBefore(file, head, Math.floor(clip.start * head.rate), signal);
  if (!start) return undefined;
  const endSample = Math.ceil(clip.end * head.rate) + 1;

  await target.append(fileHead(head.info));
  let frame = start;
  let window = await file.read(frame.at, windowBytes);
  let base = frame.at;
  for (;;) {
    signal.throwIfAborted();
    const length = frameBytes(window, frame.at - base, frame, head, base + window.length >= file.size);
    if (length === undefined) {
      // The window ends within this frame. Read a new one from the frame's start, or a larger one if it already starts
      // there.
      const needed = frame.at > base ? windowBytes : window.length * 2;
      if (needed > maxFrameBytes || base + window.length >= file.size) return undefined;
      window = await file.read(frame.at, needed);
      base = frame.at;
      continue;
    }
    const bytes = window.subarray(frame.at - base, frame.at - base + length);
    await target.append(renumberedFrame(bytes, frame, frame.number - start.number));
    const nextSample = frame.sample + frame.samples;
    const at = frame.at + length;
    if (nextSample >= endSample || at >= file.size) {
      const samples = nextSample - start.sample;
      await target.put(sampleCount(head.info, samples), totalAt);
      return { offset: start.sample / head.rate, seconds: samples / head.rate };
    }
    if (at + 32 > base + window.length) {
      window = await file.read(at, windowBytes);
      base = at;
    }
    const next = readFlacFrame(window, at - base, head);
    if (!next) return undefined;
    frame = { ...next, at };
  }
};

/** Finds the last frame that starts at or before a sample. */
async function frameBefore(
  file: ByteReader,
  head: FlacMetadata,
  sample: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  let low = await firstFrame(file, head, head.framesFrom, signal);
  if (!low || low.sample > sample) return undefined;
  let to = file.size;
  while (to - low.at > windowBytes) {
    const middle = Math.floor((low.at + to) / 2);
    const found = await firstFrame(file, head, middle, signal);
    if (found && found.sample <= sample) low = found;
    else to = middle;
  }
  for await (const found of frameHeaders(file, head, low.at + low.bytes, file.size, signal)) {
    if (found.at > low.at + maxFrameBytes) break;
    if (!follows(found, low)) continue;
    if (found.sample > sample) break;
    low = found;
  }
  return low;
}

/** Finds the first frame at or after an offset, confirmed by the frame that follows it. */
async function firstFrame(
  file: ByteReader,
  head: FlacMetadata,
  from: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  // The frame starts within one maximum frame length, and the next frame within another.
  const to = Math.min(file.size, from + 2 * maxFrameBytes);
  /** Candidates, by the sample that the next frame must start with. */
  const candidates = new Map<number, Found>();
  let last: Found | undefined;
  for await (const found of frameHeaders(file, head, from, to, signal)) {
    const confirmed = candidates.get(found.sample);
    if (confirmed) return confirmed;
    const next = found.sample + found.samples;
    if (!candidates.has(next)) candidates.set(next, found);
    last = found;
  }
  // The last frame of the file has no next frame to confirm it.
  return to === file.size ? last : undefined;
}

/** Yields everything between two offsets that looks like a frame header, in order. */
async function* frameHeaders(
  file: ByteReader,
  head: FlacMetadata,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  for (let base = from; base < to; base += windowBytes) {
    signal.throwIfAborted();
    // A header that starts at the end of the window must be complete.
    const window = await file.read(base, windowBytes + maxHeaderBytes);
    const end = Math.min(windowBytes, to - base);
    for (let at = window.indexOf(0xff); at >= 0 && at < end; at = window.indexOf(0xff, at + 1)) {
      const frame = readFlacFrame(window, at, head);
      if (frame) yield { ...frame, at: base + at };
    }
  }
}

const follows = (next: FlacFrame, frame: FlacFrame): boolean => next.sample === frame.sample + frame.samples;

/** Returns the length of the frame at `at`, confirmed by its checksum, or undefined if it ends after the window. */
function frameBytes(
  window: Uint8Array,
  at: number,
  frame: FlacFrame,
  head: FlacMetadata,
  isLast: boolean,
): number | undefined {
  let crc = 0;
  let summed = at;
  for (let end = at + frame.bytes + 2; end + 2 <= window.length; end++) {
    end = window.indexOf(0xff, end);
    if (end < 0) break;
    const next = readFlacFrame(window, end, head);
    if (!next || !follows(next, frame)) continue;
    crc = crc16(window, summed, end - 2, crc);
    summed = end - 2;
    if (crc === viewOf(window).getUint16(end - 2)) return end - at;
  }
  if (!isLast) return undefined;
  // The last frame of the file.
  crc = crc16(window, summed, window.length - 2, crc);
  return crc === viewOf(window).getUint16(window.length - 2) ? window.length - at : undefined;
}

function renumberedFrame(bytes: Uint8Array, frame: FlacFrame, number: number): Uint8Array {
  const header = renumbered(bytes, frame, number);
  const result = new Uint8Array(header.length + bytes.length - frame.bytes);
  result.set(header);
  result.set(bytes.subarray(frame.bytes, bytes.length - 2), header.length);
  viewOf(result).setUint16(result.length - 2, crc16(result, 0, result.length - 2));
  return result;
}

/** `fLaC` and STREAMINFO as the only block, without the frame sizes and the checksum of the audio. */
function fileHead(info: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 34);
  bytes.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34]);
  bytes.set(info, 8);
  bytes.fill(0, 8 + 4, 8 + 10);
  bytes.fill(0, 8 + 18);
  return bytes;
}

/** The offset of the 36-bit number of samples, which shares its first byte with the sample size. */
const totalAt = 8 + 13;

function sampleCount(info: Uint8Array, samples: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = ((info[13] ?? 0) & 0xf0) | Math.floor(samples / 2 ** 32);
  viewOf(bytes).setUint32(1, samples % 2 ** 32);
  return bytes;
}
