import type { ReadRange } from '../media/bytes.ts';

/**
 * Some formats have no index, so decoding a moment would require reading everything before it. But their frames are
 * independent, so a few bytes from anywhere can be decoded on their own if the file's header is put in front of them.
 */
export interface ByteProbe {
  /** Where the audio data starts in the file. */
  readonly from: number;
  /** A header that forms a complete file when followed by a few frames. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Number of bytes that contain at least a few frames. */
  readonly bytes: number;
}

export async function byteProbe(
  extension: string,
  read: ReadRange,
  size: number,
): Promise<ByteProbe | undefined> {
  if (extension === 'mp3') return { from: await afterId3(read), head: new Uint8Array(), bytes: 6 * 1024 };
  if (extension === 'flac') return flacProbe(read, size);
  return undefined;
}

/**
 * An ID3v2 header has ten bytes. The last four hold the length of the rest of the tag, in 7 bits each (id3.org, 2.4.0,
 * section 3.1).
 */
async function afterId3(read: ReadRange): Promise<number> {
  const head = await read(0, 10);
  if (String.fromCharCode(...head.subarray(0, 3)) !== 'ID3') return 0;
  return 10 + head.subarray(6, 10).reduce((total, byte) => (total << 7) | (byte & 0x7f), 0);
}

/**
 * A FLAC file starts with `fLaC` and metadata blocks. Each block starts with one byte for the type, whose top bit marks
 * the last block, and three bytes for the length (RFC 9639, section 8).
 */
async function flacProbe(read: ReadRange, size: number): Promise<ByteProbe | undefined> {
  const start = await read(0, 42);
  if (String.fromCharCode(...start.subarray(0, 4)) !== 'fLaC') return undefined;
  const head = start.slice(0, 42);
  head[4] = (head[4] ?? 0) | 0x80;
  let at = 4;
  for (let last = false; !last; ) {
    const block = await read(at, at + 4);
    if (block.length < 4 || at >= size) return undefined;
    last = ((block[0] ?? 0) & 0x80) !== 0;
    at += 4 + (((block[1] ?? 0) << 16) | ((block[2] ?? 0) << 8) | (block[3] ?? 0));
  }
  return { from: at, head, bytes: 40 * 1024 };
}

/** Returns the loudest amplitude around a position in the file, or undefined if that part can't be decoded. */
export async function probeAt(
  probe: ByteProbe,
  read: ReadRange,
  size: number,
  fraction: number,
  decode: (bytes: ArrayBuffer) => Promise<AudioBuffer>,
): Promise<number | undefined> {
  const at = Math.floor(probe.from + fraction * Math.max(0, size - probe.from - probe.bytes));
  const piece = await read(at, Math.min(size, at + probe.bytes));
  const file = new Uint8Array(probe.head.length + piece.length);
  file.set(probe.head);
  file.set(piece, probe.head.length);
  try {
    return loudestOf(await decode(file.buffer));
  } catch {
    return undefined;
  }
}

function loudestOf(sound: AudioBuffer): number {
  let level = 0;
  const frames = sound.getChannelData(0);
  // The first frame of an MP3 decodes to noise, because it depends on the bytes before it.
  for (let index = Math.min(1152, frames.length >> 1); index < frames.length; index++)
    level = Math.max(level, Math.abs(frames[index] ?? 0));
  return Math.min(1, level);
}
