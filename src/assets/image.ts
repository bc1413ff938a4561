import type { Content } from '../shared/formats.ts';
import { indexOfText, textAt, viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';
import { tiffSize } from './tiff.ts';

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Most formats have the size in the first bytes. HEIF has it in a `meta` box, which is rarely larger than 10 KB. */
const headBytes = 1 << 16;
/** Far more segments or boxes than any real file has. Each one costs a read. */
const maxParts = 2_000;

/**
 * Reads an image's displayed width and height from its headers. Returns undefined if they can't be determined. TIFF is
 * read separately, because its directory may be anywhere in the file. For other formats, image-size gets only the
 * relevant part of the file, because a large malicious file would block the process for seconds (JPEG) or hours (HEIF).
 */
export async function pixelSize(file: ByteReader, content: Content): Promise<PixelSize | undefined> {
  if (content === 'tiff') return await tiffSize(file);
  const { imageSize } = await import('image-size');
  const isHeif = content === 'heif' || content === 'avif';
  const head = await (content === 'jpeg'
    ? jpegHead(file)
    : isHeif
      ? heifHead(file)
      : file.read(0, headBytes));
  return measured(head, content, imageSize);
}

/** Builds a JPEG that contains only an empty APP0 segment, the EXIF data, and the frame header. */
async function jpegHead(file: ByteReader): Promise<Uint8Array> {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 2)];
  let at = 2;
  for (let i = 0; i < maxParts; i++) {
    const head = await file.read(at, 10);
    if (head.length < 4) break;
    const marker = head[1] ?? 0;
    const isStandalone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (head[0] !== 0xff || marker === 0xff) at += 1;
    else if (isStandalone) at += 2;
    else {
      const bytes = 2 + viewOf(head).getUint16(2);
      const isFrame = marker >= 0xc0 && marker <= 0xc2;
      const isExif = marker === 0xe1 && textAt(head, 4, 4) === 'Exif';
      if (isFrame || isExif) parts.push(await file.read(at, bytes));
      if (isFrame) break;
      at += bytes;
    }
  }
  return Buffer.concat(parts);
}

/** The `ftyp` and `meta` boxes. */
async function heifHead(file: ByteReader): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < maxParts; i++) {
    const head = await file.read(at, 16);
    if (head.length < 16) break;
    const short = viewOf(head).getUint32(0);
    const bytes = short === 1 ? Number(viewOf(head).getBigUint64(8)) : short;
    const type = textAt(head, 4, 4);
    if (type === 'ftyp' || type === 'meta') parts.push(await file.read(at, Math.min(bytes, headBytes)));
    if (type === 'meta' || bytes < 8) break;
    at += bytes;
  }
  return Buffer.concat(parts);
}

function measured(
  head: Uint8Array,
  content: Content,
  imageSize: typeof import('image-size').imageSize,
): PixelSize | undefined {
  try {
    const { width, height, orientation } = imageSize(head);
    if (!(width > 0 && height > 0)) return undefined;
    // EXIF orientations 5 to 8 rotate by 90°.
    const isRotated = content === 'jpeg' ? (orientation ?? 1) >= 5 : isHeifRotated(head, content);
    return isRotated ? { width: height, height: width } : { width, height };
  } catch {
    return undefined; // image-size throws on anything it can't read
  }
}

/** HEIF and AVIF specify rotation in an `irot` property, in steps of 90° (ISO/IEC 23008-12, 6.5.10). */
function isHeifRotated(head: Uint8Array, content: Content): boolean {
  if (content !== 'heif' && content !== 'avif') return false;
  const at = indexOfText(head, '\0\0\0\x09irot');
  return at >= 0 && ((head[at + 8] ?? 0) & 1) === 1;
}

/** Formats whose header always contains the size. If it's missing, the file is damaged. */
export const alwaysHasSize = (content: Content): boolean => ['png', 'jpeg', 'bmp', 'webp'].includes(content);
