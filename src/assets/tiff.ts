import { viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';
import type { PixelSize } from './image.ts';

const tag = { width: 256, height: 257, orientation: 274 } as const;
const type = { short: 3, long: 4, long8: 16 } as const;

/**
 * Reads the size of the first image of a TIFF or BigTIFF (TIFF 6.0, section 2). The image's directory may be anywhere
 * in the file.
 */
export async function tiffSize(file: ByteReader): Promise<PixelSize | undefined> {
  const head = await file.read(0, 16);
  if (head.length < 16) return undefined;
  const little = head[0] === 0x49;
  const view = viewOf(head);
  const isBig = view.getUint16(2, little) === 43;
  const directory = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const entryBytes = isBig ? 20 : 12;
  const countBytes = isBig ? 8 : 2;
  // A directory has a few dozen tags. They are sorted, and the ones we need come first.
  const entries = await file.read(directory, countBytes + 512 * entryBytes);
  if (entries.length < countBytes) return undefined;
  const entry = viewOf(entries);
  const count = isBig ? Number(entry.getBigUint64(0, little)) : entry.getUint16(0, little);
  const values = new Map<number, number>();
  for (let i = 0, at = countBytes; i < count && at + entryBytes <= entries.length; i++, at += entryBytes) {
    const value = at + (isBig ? 12 : 8);
    switch (entry.getUint16(at + 2, little)) {
      case type.short:
        values.set(entry.getUint16(at, little), entry.getUint16(value, little));
        break;
      case type.long:
        values.set(entry.getUint16(at, little), entry.getUint32(value, little));
        break;
      case type.long8:
        if (isBig) values.set(entry.getUint16(at, little), Number(entry.getBigUint64(value, little)));
        break;
    }
  }
  const width = values.get(tag.width);
  const height = values.get(tag.height);
  if (!width || !height) return undefined;
  const isRotated = (values.get(tag.orientation) ?? 1) >= 5;
  return isRotated ? { width: height, height: width } : { width, height };
}
