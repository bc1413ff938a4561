import { indexOfText, viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';
import { walkFrames, type PlacedFrame } from './frames.ts';
import { mpegFrames } from './frameFormats.ts';

/** Information for players in the first frame of an MP3. Such a frame has no audio. */
export interface MpegTag {
  /** Samples that players skip at the beginning. */
  readonly skipped: number;
  /** Samples that players skip at the end. */
  readonly cutOff: number;
  /** The number of frames and bytes that the tag states, if any. */
  readonly frames: number | undefined;
  readonly bytes: number | undefined;
}

/** The decoder delay in samples that LAME and players assume. */
const decoderDelay = 529;

/**
 * Reads the Xing/Info tag with LAME's encoder delay, or a VBRI tag. Players skip the frame with the tag, as well as the
 * encoder and decoder delays if known, so their second 0 is that much later. Returns undefined if the first frame has
 * audio.
 */
export async function readMpegTag(file: ByteReader, first: PlacedFrame): Promise<MpegTag | undefined> {
  const bytes = await file.read(first.at, Math.min(first.bytes, 512));
  const none = { skipped: 0, cutOff: 0, frames: undefined, bytes: undefined };
  const xing = Math.max(indexOfText(bytes, 'Xing'), indexOfText(bytes, 'Info'));
  // The tag comes after the side information (at most 32 bytes) and a CRC.
  if (xing < 0 || xing > 40) return indexOfText(bytes, 'VBRI') === 36 ? none : undefined;
  if (xing + 16 > bytes.length) return none;
  const view = viewOf(bytes);
  const flags = view.getUint32(xing + 4);
  let at = xing + 8;
  const frames = flags & 1 ? view.getUint32(at) : undefined;
  if (flags & 1) at += 4;
  const told = flags & 2 ? view.getUint32(at) : undefined;
  if (flags & 2) at += 4;
  at += (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  const writer = String.fromCharCode(...bytes.subarray(at, at + 4));
  if (!['LAME', 'Lavf', 'Lavc'].includes(writer) || at + 24 > bytes.length)
    return { ...none, frames, bytes: told };
  const [a = 0, b = 0, c = 0] = bytes.subarray(at + 21, at + 24);
  const delay = (a << 4) | (b >> 4);
  const padding = ((b & 15) << 8) | c;
  return {
    skipped: delay + decoderDelay,
    cutOff: Math.max(0, padding - decoderDelay),
    frames,
    bytes: told,
  };
}

/** Reads the first frame of an MP3 and its tag. */
export async function readMpegStart(
  file: ByteReader,
  from: number,
  signal?: AbortSignal,
): Promise<{ readonly first: PlacedFrame; readonly tag: MpegTag | undefined } | undefined> {
  let first: PlacedFrame | undefined;
  await walkFrames(
    file,
    mpegFrames,
    from,
    frame => {
      first = frame;
      return false;
    },
    signal,
  );
  return first && { first, tag: await readMpegTag(file, first) };
}
