import type { Content } from '../shared/formats.ts';
import { textAt, viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';
import { adtsFrames, mpegFrames, type FrameFormat } from './frameFormats.ts';

/** Supported content, the name of an unsupported format, a Git LFS pointer, or undefined if unknown. */
export type Sniffed =
  | { readonly content: Content /** The offset of the media, after ID3 tags. */; readonly from: number }
  | { readonly foreign: string }
  | { readonly lfsPointer: true }
  | undefined;

const headBytes = 4096;

/**
 * Determines the content from the first bytes: by a magic number, or by two consecutive frames for formats without one.
 */
export async function sniff(file: ByteReader): Promise<Sniffed> {
  let from = 0;
  let head = await file.read(0, headBytes);
  for (let tags = 0; tags < 8 && textAt(head, 0, 3) === 'ID3' && head.length >= 10; tags++) {
    from += id3Bytes(head);
    head = await file.read(from, headBytes);
  }
  if (
    textAt(head, 0, 7) === 'version' &&
    textAt(head, 0, 42) === 'version https://git-lfs.github.com/spec/v1'
  )
    return { lfsPointer: true };
  const content = magic(head) ?? isoMedia(head) ?? frames(head);
  if (content) return { content, from };
  const name = foreign(head);
  if (name) return { foreign: name };
  if (from > 0) return { content: 'mp3', from };
  const late = lateFrames(await file.read(0, lateBytes));
  return late === undefined ? undefined : { content: 'mp3', from: late };
}

/** The size of an ID3 tag, with 7 bits per byte (ID3v2.4, section 3.1). */
function id3Bytes(head: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  const footer = ((head[5] ?? 0) & 0x10) > 0 ? 10 : 0;
  return 10 + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f)) + footer;
}

function magic(head: Uint8Array): Content | undefined {
  const four = textAt(head, 0, 4);
  const form = textAt(head, 8, 4);
  switch (four) {
    case '\x89PNG':
      return 'png';
    case 'fLaC':
      return 'flac';
    case 'OggS':
      return 'ogg';
    case '\x1a\x45\xdf\xa3':
      return 'matroska';
    case 'RIFF':
    case 'RF64':
    case 'BW64':
      return form === 'WAVE' ? 'wav' : form === 'WEBP' ? 'webp' : undefined;
    case 'FORM':
      return form === 'AIFF' || form === 'AIFC' ? 'aiff' : undefined;
    case '#!AM':
      return textAt(head, 4, 1) === 'R' ? 'amr' : undefined;
    case 'II*\0':
    case 'II+\0':
    case 'MM\0*':
    case 'MM\0+':
      return 'tiff';
    case '\xff\x4f\xff\x51':
      return 'jp2';
    case '\0\0\0\x0c':
      return textAt(head, 4, 4) === 'jP  ' ? 'jp2' : undefined;
  }
  if (four.startsWith('\xff\xd8\xff')) return 'jpeg';
  // Two bytes aren't enough to identify a BMP, so the reserved fields must be 0, too.
  if (four.startsWith('BM') && head.length >= 26 && viewOf(head).getUint32(6, true) === 0) return 'bmp';
  return undefined;
}

const heifBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

/** ISO/IEC 14496-12: the brand distinguishes images from audio and video. */
function isoMedia(head: Uint8Array): Content | undefined {
  if (textAt(head, 4, 4) !== 'ftyp' || head.length < 16)
    return ['moov', 'mdat'].includes(textAt(head, 4, 4)) ? 'mp4' : undefined;
  const end = Math.min(head.length, viewOf(head).getUint32(0));
  const brands = [textAt(head, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(textAt(head, at, 4));
  const [major = ''] = brands;
  if (major === 'avif' || major === 'avis') return 'avif';
  if (heifBrands.has(major)) return 'heif';
  if (major !== 'mif1' && major !== 'msf1') return 'mp4';
  return brands.includes('avif') || brands.includes('avis') ? 'avif' : 'heif';
}

function frames(head: Uint8Array): Content | undefined {
  if (twoInARow(head, adtsFrames)) return 'adts';
  if (twoInARow(head, mpegFrames)) return 'mp3';
  return undefined;
}

function twoInARow(head: Uint8Array, format: FrameFormat): boolean {
  const first = format.parse(head, 0);
  if (!first) return false;
  return first.bytes + format.headerBytes > head.length
    ? head.length < headBytes
    : format.parse(head, first.bytes)?.stream === first.stream;
}

const lateBytes = 1 << 16;

/** MP3s from broadcasts or with padding don't start with a frame, so search for three consecutive frames. */
function lateFrames(head: Uint8Array): number | undefined {
  for (let at = head.indexOf(0xff); at >= 0; at = head.indexOf(0xff, at + 1)) {
    const first = mpegFrames.parse(head, at);
    const second = first && mpegFrames.parse(head, at + first.bytes);
    const third = first && second && mpegFrames.parse(head, at + first.bytes + second.bytes);
    if (third && first.stream === second.stream && first.stream === third.stream) return at;
  }
  return undefined;
}

/** Recognizes common unsupported formats. Their names are the same in every language. */
function foreign(head: Uint8Array): string | undefined {
  const starts: readonly (readonly [start: string, name: string])[] = [
    ['GIF8', 'GIF'],
    ['%PDF', 'PDF'],
    ['8BPS', 'Photoshop'],
    ['PK\x03\x04', 'ZIP'],
    ['caff', 'CAF'],
    ['MThd', 'MIDI'],
    ['\x30\x26\xb2\x75', 'Windows Media'],
    ['\0\0\x01\0', 'ICO'],
    ['\xff\x0a', 'JPEG XL'],
    ['\0\0\0\x0cJXL ', 'JPEG XL'],
    ['\x1f\x8b', 'gzip'],
    ['wvpk', 'WavPack'],
    ['MAC ', "Monkey's Audio"],
    ['.snd', 'AU'],
  ];
  for (const [start, name] of starts) if (textAt(head, 0, start.length) === start) return name;
  if (textAt(head, 0, 4) === 'RIFF' && textAt(head, 8, 4) === 'AVI ') return 'AVI';
  const text = textAt(head, 0, 512).trimStart().toLowerCase();
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return 'SVG';
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'HTML';
  return undefined;
}
