import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ffmpeg, noise, picture, temporaryFolder } from './media.ts';

/** A small file in memory. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const images = ['png', 'jpg', 'webp', 'bmp', 'tiff', 'jp2'];
const opus = ['-c:a', 'libopus'];
const recordings: readonly (readonly [extension: string, ...args: string[]])[] = [
  ['wav'],
  ['aiff'],
  ['flac'],
  ['mp3'],
  ['aac'],
  ['m4a'],
  ['m4a', '-movflags', 'frag_keyframe+empty_moov'],
  ['ogg', '-c:a', 'libvorbis'],
  ['opus', ...opus],
  ['webm', ...opus],
  ['amr', '-c:a', 'libopencore_amrnb', '-ac', '1', '-ar', '8000'],
];
const video = ['-f', 'lavfi', '-i', 'testsrc=size=32x32:rate=10:duration=1', '-c:v', 'mpeg4'];

/** Creates one small file of each supported format, and another M4A with fragments. */
export async function makeSeeds(): Promise<Seed[]> {
  const folder = temporaryFolder();
  const wanted = [
    ...images.map(extension => [extension, ...picture(16, 16)] as const),
    ...recordings.map(([extension, ...args]) => [extension, ...noise(0.3, 16_000), ...args] as const),
    ['mp4', ...video] as const,
  ];
  const seeds: Seed[] = [];
  for (const [extension, ...args] of wanted) {
    const name = `${seeds.length}.${extension}`;
    await ffmpeg(...args, join(folder, name));
    seeds.push({ name, bytes: new Uint8Array(await readFile(join(folder, name))) });
  }
  // The ffmpeg package can't encode these, so they are built from the relevant boxes.
  return [...seeds, { name: 'a.heic', bytes: heif('heic') }, { name: 'a.avif', bytes: heif('avif') }];
}

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4);
  return Buffer.concat([head, content]);
}

/** The image size of a HEIF: 16 × 32. */
export const ispe = box('ispe', Buffer.from('000000000000001000000020', 'hex'));

export const heifType = (brand: string): Buffer =>
  box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1${brand}`, 'latin1'));

const heif = (brand: string): Uint8Array => {
  const properties = box('ipco', ispe, box('irot', Buffer.of(1)));
  const meta = box('meta', Buffer.alloc(4), box('iprp', properties));
  return new Uint8Array(Buffer.concat([heifType(brand), meta]));
};
