import type { Content } from '../shared/formats.ts';
import { indexOfText } from './bytes.ts';
import type { ByteReader } from './file.ts';
import { tiffSize } from './tiff.ts';

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** How much is read before giving up: photographs carry up to some MB of metadata in front of the picture. */
const windows = [1 << 16, 1 << 20, 1 << 23, 1 << 25];

/**
 * Width and height as the picture is to be seen, from its headers; undefined when they cannot be told.
 * TIFF has its directory anywhere and is read by place; for all others image-size gets more and more of the beginning.
 */
export async function pixelSize(file: ByteReader, content: Content): Promise<PixelSize | undefined> {
  if (content === 'tiff') return await tiffSize(file);
  const { imageSize } = await import('image-size');
  for (const window of windows) {
    const head = await file.read(0, window);
    const size = measured(head, content, imageSize);
    if (size || head.length >= file.size) return size;
  }
  return undefined;
}

function measured(
  head: Uint8Array,
  content: Content,
  imageSize: typeof import('image-size').imageSize,
): PixelSize | undefined {
  try {
    const { width, height, orientation } = imageSize(head);
    if (!(width > 0 && height > 0)) return undefined;
    // EXIF orientations 5 to 8 turn the picture by a quarter.
    const isTurned = content === 'jpeg' ? (orientation ?? 1) >= 5 : isHeifTurned(head, content);
    return isTurned ? { width: height, height: width } : { width, height };
  } catch {
    // image-size throws on anything it cannot read, mostly because the window is too small.
    return undefined;
  }
}

/** HEIF and AVIF turn by an `irot` property, in quarters (ISO/IEC 23008-12, 6.5.10). */
function isHeifTurned(head: Uint8Array, content: Content): boolean {
  if (content !== 'heif' && content !== 'avif') return false;
  const at = indexOfText(head, '\0\0\0\x09irot');
  return at >= 0 && ((head[at + 8] ?? 0) & 1) === 1;
}

/** Formats whose header always says the size: without it the file is broken. */
export const alwaysHasSize = (content: Content): boolean => ['png', 'jpeg', 'bmp', 'webp'].includes(content);
