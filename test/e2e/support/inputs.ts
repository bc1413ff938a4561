import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sampleWorkspace, type Files } from '../harness/workspace.ts';

const sample = (name: string) => readFileSync(join(sampleWorkspace, 'portraits', name));

/** Images for many jobs. No two have the same length, so that an upload can be identified. */
export function portraits(folder: string, count: number): Files {
  return numbered(folder, count, at => ({ '.png': png(at) }));
}

/** Pairs of an image and an audio file. */
export function talks(folder: string, count: number, seconds = 3): Files {
  return numbered(folder, count, at => ({ '.jpg': jpeg(at), '.wav': wav(at, seconds) }));
}

function numbered(folder: string, count: number, make: (at: number) => Files): Files {
  const files = Array.from({ length: count }, (_, at) =>
    Object.entries(make(at)).map(([extension, bytes]) => [`${folder}/${nameOf(at)}${extension}`, bytes]),
  );
  return Object.fromEntries(files.flat());
}

const nameOf = (at: number) => String(at + 1).padStart(2, '0');

/** An image with a unique comment. */
function png(at: number): Buffer {
  const whole = sample('anna.png');
  const end = whole.length - 12; // IEND
  const text = Buffer.from(`tEXtComment\0${'.'.repeat(at)}`, 'latin1');
  const chunk = Buffer.alloc(text.length + 8);
  chunk.writeUInt32BE(text.length - 4, 0);
  text.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(text), text.length + 4);
  return Buffer.concat([whole.subarray(0, end), chunk, whole.subarray(end)]);
}

/** An image that's long enough for an upload to be held halfway. */
function jpeg(at: number): Buffer {
  const whole = sample('ben.jpg');
  const comment = Buffer.alloc(60_000 + at, ' ');
  comment.writeUInt16BE(0xff_fe, 0);
  comment.writeUInt16BE(comment.length - 2, 2);
  return Buffer.concat([whole.subarray(0, 2), comment, comment, comment, whole.subarray(2)]);
}

/** A tone with a unique pitch, in 16-bit mono. */
function wav(at: number, seconds: number): Buffer {
  const rate = 32_000;
  const samples = seconds * rate + at;
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples, 40);
  for (let index = 0; index < samples; index++)
    file.writeInt16LE(Math.round(8000 * Math.sin((index * (200 + at) * 2 * Math.PI) / rate)), 44 + 2 * index);
  return file;
}
