import { textAt, viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';

/** The location and format of the samples in a WAV or AIFF file. */
export interface PcmLayout {
  readonly container: 'wav' | 'aiff';
  /** The content of the `fmt ` or `COMM` chunk. */
  readonly format: Uint8Array;
  readonly dataFrom: number;
  readonly dataBytes: number;
  /** Sample frames per second. */
  readonly rate: number;
  /** Bytes per sample frame (one sample of each channel), or undefined if it varies (ADPCM, MP3 in WAV). */
  readonly frameBytes: number | undefined;
  readonly seconds: number | undefined;
  readonly isAifc: boolean;
}

const chunkLimit = 10_000;

/**
 * Reads WAV (including WAVE_FORMAT_EXTENSIBLE), RF64, and BW64 (EBU Tech 3306). Returns undefined if there is no audio.
 */
export async function readWav(file: ByteReader): Promise<PcmLayout | undefined> {
  let format: Uint8Array | undefined;
  let longData: number | undefined;
  let facts: number | undefined;
  let at = 12;
  for (let i = 0; i < chunkLimit && at + 8 <= file.size; i++) {
    const head = await file.read(at, 8);
    const id = textAt(head, 0, 4);
    const size = viewOf(head).getUint32(4, true);
    if (id === 'ds64') {
      const sizes = await file.read(at + 8, 24);
      if (sizes.length === 24) longData = Number(viewOf(sizes).getBigUint64(8, true));
    } else if (id === 'fmt ') {
      format = await file.read(at + 8, Math.min(size, 1024));
    } else if (id === 'fact') {
      const fact = await file.read(at + 8, 4);
      if (fact.length === 4) facts = viewOf(fact).getUint32(0, true);
    } else if (id === 'data') {
      const dataFrom = at + 8;
      // The size is 0 or the maximum if the recording was interrupted or written to a pipe.
      const told = size === 0xffff_ffff ? (longData ?? Infinity) : size === 0 ? Infinity : size;
      return format && wavLayout(format, dataFrom, Math.min(told, file.size - dataFrom), facts);
    }
    at += 8 + size + (size & 1);
  }
  return undefined;
}

/** Format tags with a constant sample size: PCM, float, A-law, µ-law. */
const plainTags = new Set([1, 3, 6, 7]);

function wavLayout(
  format: Uint8Array,
  dataFrom: number,
  dataBytes: number,
  facts: number | undefined,
): PcmLayout | undefined {
  if (format.length < 16) return undefined;
  const view = viewOf(format);
  const isExtensible = view.getUint16(0, true) === 0xfffe && format.length >= 26;
  const tag = view.getUint16(isExtensible ? 24 : 0, true);
  const rate = view.getUint32(4, true);
  const bytesPerSecond = view.getUint32(8, true);
  const blockBytes = view.getUint16(12, true);
  if (rate === 0 || view.getUint16(2, true) === 0) return undefined;
  const frameBytes = plainTags.has(tag) && blockBytes > 0 ? blockBytes : undefined;
  const seconds = frameBytes
    ? Math.floor(dataBytes / frameBytes) / rate
    : facts
      ? facts / rate
      : bytesPerSecond > 0
        ? dataBytes / bytesPerSecond
        : undefined;
  return { container: 'wav', format, dataFrom, dataBytes, rate, frameBytes, seconds, isAifc: false };
}

/** Reads AIFF and AIFF-C (Apple, 1991). Returns undefined if there is no audio. */
export async function readAiff(file: ByteReader): Promise<PcmLayout | undefined> {
  const isAifc = textAt(await file.read(8, 4), 0, 4) === 'AIFC';
  let format: Uint8Array | undefined;
  let data: { from: number; bytes: number } | undefined;
  let at = 12;
  for (let i = 0; i < chunkLimit && at + 8 <= file.size && !(format && data); i++) {
    const head = await file.read(at, 8);
    const id = textAt(head, 0, 4);
    const size = viewOf(head).getUint32(4);
    if (id === 'COMM') {
      format = await file.read(at + 8, Math.min(size, 1024));
    } else if (id === 'SSND') {
      const padding = await file.read(at + 8, 4);
      const skipped = padding.length === 4 ? viewOf(padding).getUint32(0) : 0;
      const from = at + 16 + skipped;
      data = { from, bytes: Math.max(0, Math.min(size - 8 - skipped, file.size - from)) };
    }
    at += 8 + size + (size & 1);
  }
  return format && data && aiffLayout(format, data, isAifc);
}

/** AIFF-C compression types for uncompressed samples. */
const plainCompressions = new Set([
  'NONE',
  'twos',
  'sowt',
  'fl32',
  'FL32',
  'fl64',
  'FL64',
  'in24',
  'in32',
  'raw ',
]);

function aiffLayout(
  format: Uint8Array,
  data: { readonly from: number; readonly bytes: number },
  isAifc: boolean,
): PcmLayout | undefined {
  if (format.length < 18) return undefined;
  const view = viewOf(format);
  const channels = view.getUint16(0);
  const frames = view.getUint32(2);
  const rate = readExtended(view, 8);
  if (channels === 0 || !(rate >= 1 && rate <= 10_000_000)) return undefined;
  const compression = isAifc ? textAt(format, 18, 4) : 'NONE';
  const lawBytes = ['ulaw', 'ULAW', 'alaw', 'ALAW'].includes(compression) ? 1 : undefined;
  const sampleBytes = plainCompressions.has(compression) ? Math.ceil(view.getUint16(6) / 8) : lawBytes;
  const frameBytes = sampleBytes ? sampleBytes * channels : undefined;
  const present = frameBytes ? Math.min(frames, Math.floor(data.bytes / frameBytes)) : frames;
  return {
    container: 'aiff',
    format,
    dataFrom: data.from,
    dataBytes: frameBytes ? present * frameBytes : data.bytes,
    rate,
    frameBytes,
    // In compressed AIFF-C, `present` is a number of packets, and only the codec knows their length.
    seconds: frameBytes ? present / rate : undefined,
    isAifc,
  };
}

/** An 80-bit IEEE 754 extended number, the format of AIFF's sample rate. */
function readExtended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff;
  const mantissa = view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6);
  return mantissa * 2 ** (exponent - 16383 - 63);
}
