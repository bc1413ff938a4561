import { deflateSync, inflateSync } from 'node:zlib';
import { chunk } from '../../fake-api/media.ts';

const maxColors = 256;
/** The most common colors are kept exactly, because they're used by the user interface, for example by icons. */
const exactColors = 96;

/** Reduces an image to at most 256 colors, which makes it two-thirds smaller with hardly any visible difference. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const colors = paletteOf(counts);
  const indexes = new Map<number, number>(colors.map((color, index) => [color, index]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const color = pixels[at] ?? 0;
      let index = indexes.get(color);
      if (index === undefined) indexes.set(color, (index = nearest(colors, color)));
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colors.flatMap(color => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * Returns the most common colors, then averages of the remaining colors, each for about the same number of pixels
 * (median cut).
 */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
  // Shades of gray, which are mostly in text, count less because other shades are close enough.
  const byWeight = [...counts].toSorted((a, b) => b[1] * vividness(b[0]) - a[1] * vividness(a[0]));
  const colors = byWeight.slice(0, exactColors).map(([color]) => color);
  const boxes = [byWeight.slice(exactColors)].filter(box => box.length > 0);
  while (boxes.length > 0 && boxes.length < maxColors - exactColors) {
    const [widest] = boxes.toSorted((a, b) => weightOf(b) - weightOf(a));
    if (!widest || widest.length === 1) break;
    const { shift } = spreadOf(widest);
    const sorted = widest.toSorted((a, b) => ((a[0] >> shift) & 255) - ((b[0] >> shift) & 255));
    const half = Math.max(1, sorted.length >> 1);
    boxes.splice(boxes.indexOf(widest), 1, sorted.slice(0, half), sorted.slice(half));
  }
  return [...colors, ...boxes.map(meanOf)];
}

function vividness(color: number): number {
  const channels = [color >> 16, (color >> 8) & 255, color & 255];
  return 8 + Math.max(...channels) - Math.min(...channels);
}

type Box = readonly (readonly [color: number, count: number])[];

/** The channel in which the colors of a box differ most. */
function spreadOf(box: Box): { shift: number; range: number } {
  const spreads = [16, 8, 0].map(shift => {
    const values = box.map(([color]) => (color >> shift) & 255);
    return {
      shift,
      range: values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255),
    };
  });
  return spreads.reduce((a, b) => (b.range > a.range ? b : a));
}

const weightOf = (box: Box) => (box.length === 1 ? 0 : spreadOf(box).range * Math.sqrt(box.length));

function meanOf(box: Box): number {
  const total = box.reduce((sum, [, count]) => sum + count, 0);
  const mean = (shift: number) =>
    Math.round(box.reduce((sum, [color, count]) => sum + ((color >> shift) & 255) * count, 0) / total);
  return (mean(16) << 16) | (mean(8) << 8) | mean(0);
}

function nearest(colors: readonly number[], color: number): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [index, other] of colors.entries()) {
    const red = (other >> 16) - (color >> 16);
    const green = ((other >> 8) & 255) - ((color >> 8) & 255);
    const blue = (other & 255) - (color & 255);
    const distance = 2 * red * red + 4 * green * green + blue * blue;
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  }
  return best;
}

/** The pixels of an 8-bit RGB or RGBA image without interlacing, as Chromium writes it (W3C PNG, section 9). */
function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const step = png[25] === 6 ? 4 : 3;
  const stride = width * step + 1;
  const lines = inflateSync(Buffer.concat(data));
  const at = (index: number) => lines[index] ?? 0;
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = at(y * stride);
    for (let x = 1; x < stride; x++) {
      const index = y * stride + x;
      const left = x > step ? at(index - step) : 0;
      const up = y > 0 ? at(index - stride) : 0;
      const corner = x > step && y > 0 ? at(index - stride - step) : 0;
      lines[index] = at(index) + predict(filter, left, up, corner);
    }
    for (let x = 0; x < width; x++) {
      const index = y * stride + 1 + x * step;
      pixels[y * width + x] = (at(index) << 16) | (at(index + 1) << 8) | at(index + 2);
    }
  }
  return { width, height, pixels };
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [byLeft, byUp, byCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
