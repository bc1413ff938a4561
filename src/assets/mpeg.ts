import { indexOfText, viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';
import { walkFrames, type PlacedFrame } from './frames.ts';
import { mpegFrames } from './frameFormats.ts';

/** What the first frame of an MP3 says when it is not sound but a note for players. */
export interface MpegTag {
  /** Samples that players leave out at the beginning. */
  readonly skipped: number;
  /** Samples that players leave out at the end. */
  readonly cutOff: number;
  /** Frames and bytes of the whole recording, where told. */
  readonly frames: number | undefined;
  readonly bytes: number | undefined;
}

/** A decoder is late by this many samples: LAME's own reckoning, which players follow. */
const decoderDelay = 529;

/**
 * The Xing/Info tag with LAME's encoder delay, or a VBRI tag. Such a frame is not played, and players leave out the
 * encoder's and the decoder's delay when they know it, so that their second 0 is that much later.
 * undefined: the first frame is sound.
 */
export async function readMpegTag(file: ByteReader, first: PlacedFrame): Promise<MpegTag | undefined> {
  const bytes = await file.read(first.at, Math.min(first.bytes, 512));
  const none = { skipped: 0, cutOff: 0, frames: undefined, bytes: undefined };
  const xing = Math.max(indexOfText(bytes, 'Xing'), indexOfText(bytes, 'Info'));
  // Behind the side information (at most 32 bytes) and a CRC; elsewhere the letters are chance.
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

/** The first frame of an MP3 and what it says. */
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
