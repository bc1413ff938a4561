import { viewOf } from './bytes.ts';
import { crc8 } from './crc.ts';
import type { ByteReader } from './file.ts';

/** The metadata of a native FLAC file (RFC 9639, section 8). */
export interface FlacMetadata {
  /** The 34 bytes of STREAMINFO. */
  readonly info: Uint8Array;
  readonly rate: number;
  readonly maxBlock: number;
  readonly minBlock: number;
  /** undefined if the encoder didn't know the number. */
  readonly samples: number | undefined;
  /** The offset of the first frame. */
  readonly framesFrom: number;
}

/** @param from the offset of `fLaC`, after an ID3 tag if there is one */
export async function readFlacMetadata(file: ByteReader, from: number): Promise<FlacMetadata | undefined> {
  const info = await file.read(from + 8, 34);
  const first = await file.read(from + 4, 4);
  if (info.length < 34 || ((first[0] ?? 0) & 0x7f) !== 0) return undefined;
  const view = viewOf(info);
  const rate = view.getUint32(10) >>> 12;
  const samples = ((info[13] ?? 0) & 15) * 2 ** 32 + view.getUint32(14);
  if (rate === 0) return undefined;
  let at = from + 4;
  for (let block = 0; block < 10_000; block++) {
    const head = await file.read(at, 4);
    if (head.length < 4) return undefined;
    const word = viewOf(head).getUint32(0);
    at += 4 + (word & 0xff_ffff);
    if (word >>> 31 === 1) break;
  }
  return {
    info,
    rate,
    minBlock: view.getUint16(0),
    maxBlock: view.getUint16(2),
    samples: samples || undefined,
    framesFrom: at,
  };
}

/** The header of a FLAC frame (RFC 9639, section 9.1). */
export interface FlacFrame {
  readonly bytes: number;
  /** The position of the frame's first sample in the audio. */
  readonly sample: number;
  readonly samples: number;
  /** The number in the header: that of the frame, or of its first sample if block sizes vary. */
  readonly number: number;
  readonly numberBytes: number;
}

export const maxHeaderBytes = 16;
const numberAt = 4;

/**
 * Returns undefined if no frame starts here. Random bytes pass these checks once in several million positions, so check
 * the next frame, too.
 */
export function readFlacFrame(bytes: Uint8Array, at: number, head: FlacMetadata): FlacFrame | undefined {
  const b1 = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xff || (b1 & 0xfe) !== 0xf8 || at + maxHeaderBytes > bytes.length) return undefined;
  const b2 = bytes[at + 2] ?? 0;
  const b3 = bytes[at + 3] ?? 0;
  const sizeCode = b2 >> 4;
  const rateCode = b2 & 15;
  if (sizeCode === 0 || rateCode === 15 || b3 >> 4 > 10 || (b3 & 1) === 1) return undefined;
  const number = readNumber(bytes, at + numberAt);
  if (!number) return undefined;
  let end = at + numberAt + number.bytes;
  let samples: number;
  if (sizeCode === 1) samples = 192;
  else if (sizeCode <= 5) samples = 144 << sizeCode;
  else if (sizeCode === 6) samples = (bytes[end++] ?? 0) + 1;
  else if (sizeCode === 7) samples = (((bytes[end++] ?? 0) << 8) | (bytes[end++] ?? 0)) + 1;
  else samples = 1 << sizeCode;
  if (rateCode === 12) end += 1;
  else if (rateCode > 12) end += 2;
  if (crc8(bytes, at, end) !== bytes[end]) return undefined;
  const isVariable = (b1 & 1) === 1;
  return {
    bytes: end + 1 - at,
    sample: isVariable ? number.value : number.value * head.maxBlock,
    samples,
    number: number.value,
    numberBytes: number.bytes,
  };
}

/** Returns the header with another number and a new checksum. */
export function renumbered(header: Uint8Array, frame: FlacFrame, number: number): Uint8Array {
  const coded = writeNumber(number);
  const rest = header.subarray(numberAt + frame.numberBytes, frame.bytes - 1);
  const result = new Uint8Array(numberAt + coded.length + rest.length + 1);
  result.set(header.subarray(0, numberAt));
  result.set(coded, numberAt);
  result.set(rest, numberAt + coded.length);
  result[result.length - 1] = crc8(result, 0, result.length - 1);
  return result;
}

/** The number is coded like UTF-8, with up to 36 bits in 7 bytes. */
function readNumber(bytes: Uint8Array, at: number): { value: number; bytes: number } | undefined {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return { value: lead, bytes: 1 };
  const length = Math.clz32(~lead << 24);
  if (length < 2 || length > 7) return undefined;
  let value = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (next & 0x3f);
  }
  return { value, bytes: length };
}

function writeNumber(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  // n bytes hold 5n + 1 bits.
  let length = 2;
  while (value >= 2 ** (5 * length + 1)) length++;
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i > 0; i--) {
    bytes[i] = 0x80 | (value % 64);
    value = Math.floor(value / 64);
  }
  bytes[0] = ((0xff00 >> length) & 0xff) | value;
  return bytes;
}
