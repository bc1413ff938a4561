import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import type { ToolId } from './catalogue.ts';

/** Sizes of the images and videos, in pixels. */
export const IMAGE_SIZE = { width: 832, height: 1216 };
export const VIDEO_SIZE = { width: 448, height: 832, fps: 25 };

const GRADIENT = 64;
const SKIN = GRADIENT;
const CLOTHES = GRADIENT + 1;

/**
 * A portrait as a palette PNG. All portraits share the same pixels, which are compressed only once. Each file is
 * different, because the palette depends on `seed` and a text chunk contains the project's ID.
 */
export function portraitPng(projectId: string, seed: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(IMAGE_SIZE.width, 0);
  header.writeUInt32BE(IMAGE_SIZE.height, 4);
  header.set([8, 3, 0, 0, 0], 8); // eight bits, palette, deflate, no interlace
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', palette(`${projectId} ${seed}`)),
    chunk('tEXt', Buffer.from(`Project\0${projectId}`, 'latin1')),
    chunk('IDAT', pixels()),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const PHOTOS: Readonly<Record<ToolId, string>> = {
  backgroundRemover: 'cutout.png',
  imageGenerator: 'landscape.png',
  imageUpscaler: '../sample-workspace/portraits/anna.png',
  memeGenerator: 'landscape.png',
  photoColorizer: 'colorized.png',
};
const PNG_HEADER_LENGTH = 33;

/** The headshots of the other people in the sample workspace, by photo. */
const HEADSHOTS = { 'ben.jpg': 'headshot-ben.png', 'Zoë #1 100%.webp': 'headshot-zoe.png' };

/**
 * The tool's result for Anna's portrait or for the old photo, with a text chunk that contains the project's ID. A
 * headshot shows the person in the input photo, which is identified by the SHA-256 in `seed`.
 */
export function photoPng(tool: ToolId, projectId: string, seed: string): Buffer {
  const person = Object.entries(HEADSHOTS).find(([photo]) => seed.startsWith(hashOf(photo)));
  const png = sample(PHOTOS[tool] ?? person?.[1] ?? 'headshot.png');
  const text = chunk('tEXt', Buffer.from(`Project\0${projectId} ${seed}`, 'latin1'));
  return Buffer.concat([png.subarray(0, PNG_HEADER_LENGTH), text, png.subarray(PNG_HEADER_LENGTH)]);
}

/**
 * The sample video with a `free` box at its end that contains the project's ID, so that each file is different. Players
 * skip this box. `padding` makes it as large as a test needs.
 */
export function talkingMp4(projectId: string, seed: string, padding = 0): Buffer {
  const text = Buffer.from(`${projectId} ${seed}`, 'latin1');
  const box = Buffer.alloc(8 + text.length + padding);
  box.writeUInt32BE(box.length, 0);
  box.write('free', 4, 'latin1');
  text.copy(box, 8);
  return Buffer.concat([sample('sample.mp4'), box]);
}

/** The sample animation with a comment that contains the project's ID, before the trailer. */
export function animationGif(projectId: string, seed: string): Buffer {
  const text = Buffer.from(`${projectId} ${seed}`.slice(0, 255), 'latin1');
  const gif = sample('sample.gif');
  const comment = Buffer.from([0x21, 0xfe, text.length, ...text, 0]);
  return Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)]);
}

/** The sample animation with a `Void` element at its end, which readers skip. */
export function animationWebm(projectId: string, seed: string): Buffer {
  const text = Buffer.from(`${projectId} ${seed}`.slice(0, 100), 'latin1');
  return Buffer.concat([sample('sample.webm'), Buffer.from([0xec, 0x80 | text.length]), text]);
}

/** A silent WAV file with the project's ID after the samples, where players ignore it. */
export function speechWav(projectId: string, seed: string): Buffer {
  const samples = Buffer.alloc(8000, 128); // a second of 8-bit samples
  const text = Buffer.from(`${projectId} ${seed}`, 'latin1');
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.set([1, 0, 1, 0], 20); // PCM, one channel
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.set([1, 0, 8, 0], 32);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples, text]);
}

function hashOf(photo: string): string {
  const bytes = sample(`../sample-workspace/portraits/${encodeURIComponent(photo)}`);
  return createHash('sha256').update(bytes).digest('hex');
}

const samples = new Map<string, Buffer>();
function sample(file: string): Buffer {
  const bytes = samples.get(file) ?? readFileSync(new URL(file, import.meta.url));
  samples.set(file, bytes);
  return bytes;
}

let packed: Buffer | undefined;
/** The scan lines of palette indices, which show a gradient, a head, and shoulders. */
function pixels(): Buffer {
  if (packed) return packed;
  const { width, height } = IMAGE_SIZE;
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const start = y * (width + 1) + 1;
    lines.fill(Math.floor((y * GRADIENT) / height), start, start + width);
    row(lines, start, y, 0.94, 0.5, 0.42, CLOTHES);
    row(lines, start, y, 0.4, 0.23, 0.25, SKIN);
  }
  packed = deflateSync(lines, { level: 9 });
  return packed;
}

/** Fills the part of an ellipse on line `y`. Its center and radii are fractions of the image. */
function row(
  lines: Buffer,
  start: number,
  y: number,
  center: number,
  rx: number,
  ry: number,
  color: number,
): void {
  const { width, height } = IMAGE_SIZE;
  const dy = (y / height - center) / ry;
  if (Math.abs(dy) >= 1) return;
  const half = Math.min(width / 2, Math.round(rx * width * Math.sqrt(1 - dy * dy)));
  lines.fill(color, start + width / 2 - half, start + width / 2 + half);
}

function palette(seed: string): Buffer {
  const hash = createHash('sha256').update(seed).digest();
  const byte = (index: number): number => hash[index] ?? 0;
  const colors: number[] = [];
  for (let step = 0; step < GRADIENT; step++) {
    const light = 0.55 + (0.45 * step) / GRADIENT;
    for (let part = 0; part < 3; part++) colors.push(Math.round((110 + byte(part) / 2) * light));
  }
  colors.push(205 + (byte(3) % 35), 155 + (byte(4) % 35), 120 + (byte(5) % 35));
  colors.push(byte(6) >> 1, byte(7) >> 1, 40 + (byte(8) >> 1));
  return Buffer.from(colors);
}

/** A chunk of a PNG file. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), framed.length - 4);
  return framed;
}
