import { countSteps } from './steps.ts';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { cutters } from '../../../src/assets/clip.ts';
import { crc8, crc16 } from '../../../src/assets/crc.ts';
import type { OpenFile } from '../../../src/assets/file.ts';
import { probeFile } from '../../../src/assets/probe.ts';
import { sniff } from '../../../src/assets/sniff.ts';
import type { Target } from '../../../src/assets/target.ts';
import { kindOf } from '../../../src/shared/formats.ts';
import { repaired } from './checksums.ts';
import { randomNumbers } from './media.ts';
import { box, heifType, ispe, makeSeeds, type Seed } from './seeds.ts';

const small = 32 << 10;
const factor = 16;

/** The work on a file: the blocks of code that ran, the number of reads, and the bytes read and written. */
interface Work {
  steps: number;
  reads: number;
  bytes: number;
}

/** A file in memory that counts the reads and bytes. */
function counted(name: string, bytes: Uint8Array, work: Work): OpenFile {
  return {
    name,
    size: bytes.length,
    modified: 0,
    read(from, length) {
      const piece = bytes.slice(from, from + Math.max(0, length));
      work.reads++;
      work.bytes += piece.length;
      return Promise.resolve(piece);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function countedTarget(work: Work): Target {
  let end = 0;
  const put = (bytes: Uint8Array, at: number): Promise<void> => {
    work.bytes += bytes.length;
    end = Math.max(end, at + bytes.length);
    return Promise.resolve();
  };
  return {
    get bytes() {
      return end;
    },
    put,
    append: bytes => put(bytes, end),
    copy: async (source, from, length) => put(await source.read(from, length), end),
  };
}

type Action = (file: OpenFile, work: Work) => Promise<unknown>;

const probing: Action = file => probeFile(file, kindOf(file.name) ?? 'video');

/** Cuts from the middle of a long file, regardless of the length in its header. */
const cutting =
  (start: number): Action =>
  async (file, work) => {
    const found = await sniff(file);
    if (!found || !('content' in found)) return;
    const target = countedTarget(work);
    const { signal } = new AbortController();
    await cutters[found.content]?.(file, {
      from: found.from,
      clip: { start, end: start + 5 },
      target,
      signal,
    });
  };

async function workOf(action: Action, name: string, bytes: Uint8Array): Promise<Work> {
  const work: Work = { steps: 0, reads: 0, bytes: 0 };
  const file = counted(name, bytes, work);
  // An error is fine. Only the work before the error counts.
  work.steps = await countSteps(() => action(file, work).catch(() => undefined));
  return work;
}

/** Fixed costs, such as the windows that are read to check the beginning. */
const fixed: Work = { steps: 40_000, reads: 2_000, bytes: 4 << 20 };

/**
 * A file 16 times the size may take up to 48 times the work, because windows double. Quadratic work would be 256 times.
 */
async function assertLinear(action: Action, name: string, make: (size: number) => Uint8Array, what: string) {
  const little = await workOf(action, name, make(small));
  const much = await workOf(action, name, make(small * factor));
  for (const count of ['steps', 'reads', 'bytes'] as const) {
    const limit = little[count] * factor * 3 + fixed[count];
    assert.ok(much[count] <= limit, `${what}: ${count} grew from ${little[count]} to ${much[count]}`);
  }
}

let seeds: readonly Seed[] = [];
before(async () => {
  seeds = await makeSeeds();
});

const seed = (extension: string): Seed => {
  const found = seeds.find(({ name }) => name.endsWith(`.${extension}`));
  assert.ok(found);
  return found;
};

/** A header, followed by as much filler as fits. `filling` generates each piece. */
function filled(size: number, head: Uint8Array, filling: (index: number) => Uint8Array): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(head.subarray(0, size));
  for (let at = head.length, index = 0; at < size; index++) {
    const piece = filling(index);
    bytes.set(piece.subarray(0, size - at), at);
    at += piece.length;
  }
  return bytes;
}

/** The header of a FLAC frame with a valid checksum: 256 samples, numbered with 7 bytes. */
function flacHeader(number: number): Uint8Array {
  const coded = [0xfe];
  for (let shift = 5; shift >= 0; shift--) coded.push(0x80 | (Math.floor(number / 64 ** shift) % 64));
  const header = new Uint8Array([0xff, 0xf8, 0x80, 0x00, ...coded, 0]);
  header[header.length - 1] = crc8(header, 0, header.length - 1);
  return header;
}

/** A silent FLAC frame with valid checksums. */
function flacFrame(number: number, bytes: number): Uint8Array {
  const frame = new Uint8Array(bytes);
  frame.set(flacHeader(number));
  new DataView(frame.buffer).setUint16(bytes - 2, crc16(frame, 0, bytes - 2));
  return frame;
}

/** A file with one box that contains as many small ones as fit. */
function nested(size: number, before: Uint8Array, path: readonly string[], child: Uint8Array): Buffer {
  const children = Buffer.alloc(size, child);
  const inner = path.reduceRight<Buffer>(
    (content, type) => (type === 'meta' ? box(type, Buffer.alloc(4), content) : box(type, content)),
    children.subarray(0, children.length - (children.length % child.length)),
  );
  return Buffer.concat([before, inner]);
}

describe('the work grows no faster than the file', () => {
  const flacHead = (): Uint8Array => {
    const { bytes } = seed('flac');
    // Keep only STREAMINFO, marked as the last block.
    const head = bytes.slice(0, 42);
    head[4] = 0x80;
    // Set the block size to 256 samples.
    head.set([1, 0, 1, 0], 8);
    return head;
  };
  const flacs: readonly (readonly [what: string, filling: (index: number) => Uint8Array])[] = [
    ['headers that never follow each other', index => flacHeader((index * 7919) % 2 ** 30)],
    ['the same header again and again', () => flacHeader(1)],
    ['headers that all follow the same one', index => flacHeader(index === 0 ? 0 : 1)],
    ['tiny frames', index => flacFrame(index, 16)],
    ['numbers that count down', index => flacHeader(2 ** 30 - index)],
  ];
  for (const [what, filling] of flacs)
    it(`when cutting a FLAC of ${what}`, async () => {
      for (const start of [0, 100, 1000])
        await assertLinear(
          cutting(start),
          'a.flac',
          size => filled(size, flacHead(), filling),
          `from ${start} s`,
        );
    });

  const heif = heifType('heic');
  const mp4 = box('ftyp', Buffer.from('M4A \0\0\0\0M4A mp42', 'latin1'));
  const riff = (form: string) => Buffer.from(`RIFF\xff\xff\xff\x7f${form}`, 'latin1');
  /** Files with many repetitions of the elements of their format. */
  const crowded: readonly (readonly [what: string, name: string, make: (size: number) => Uint8Array])[] = [
    ['a HEIF of image sizes', 'a.heic', size => nested(size, heif, ['meta', 'iprp', 'ipco'], ispe)],
    ['a HEIF of boxes', 'a.heic', size => nested(size, heif, ['free'], box('free'))],
    [
      'a JPEG of segments',
      'a.jpg',
      size => filled(size, Buffer.of(0xff, 0xd8), () => Buffer.of(0xff, 0xfe, 0, 2)),
    ],
    ['a JPEG of fill bytes', 'a.jpg', size => filled(size, Buffer.of(0xff, 0xd8), () => Buffer.of(0xff))],
    [
      'a WAV of chunks',
      'a.wav',
      size => filled(size, riff('WAVE'), () => Buffer.from('LIST\0\0\0\0', 'latin1')),
    ],
    [
      'an AIFF of chunks',
      'a.aiff',
      size =>
        filled(size, Buffer.from('FORM\x7f\xff\xff\xffAIFF', 'latin1'), () =>
          Buffer.from('COMM\0\0\0\0', 'latin1'),
        ),
    ],
    ['an MPEG-4 of tracks', 'a.m4a', size => nested(size, mp4, ['moov'], box('trak', box('mdia')))],
    ['an MPEG-4 of fragments', 'a.m4a', size => nested(size, mp4, ['free'], box('moof', box('traf')))],
    [
      'an MPEG-4 of deeply nested boxes',
      'a.m4a',
      size =>
        Array.from({ length: Math.min(size >> 3, 4_000) }).reduce<Buffer>(
          content => box('moov', content),
          Buffer.from(mp4),
        ),
    ],
  ];
  for (const [what, name, make] of crowded)
    it(`when probing and cutting ${what}`, async () => {
      await assertLinear(probing, name, make, 'probing');
      await assertLinear(cutting(1), name, make, 'cutting');
    });

  it('when cutting an MPEG-4 whose packets all contain most of the file', async () => {
    const original = Buffer.from(seed('m4a').bytes);
    const boxOf = (type: string): Buffer => {
      const at = original.indexOf(type) - 4;
      return original.subarray(at, at + original.readUInt32BE(at));
    };
    const numbers = (type: string, values: readonly number[]): Buffer => {
      const content = Buffer.alloc(4 * values.length);
      for (const [index, value] of values.entries()) content.writeUInt32BE(value, 4 * index);
      return box(type, Buffer.alloc(4), content);
    };
    const make = (size: number): Buffer => {
      const count = size >> 2;
      const offsets = Array.from({ length: count }, () => 0);
      const table = box(
        'stbl',
        boxOf('stsd'),
        numbers('stts', [1, count, 1]),
        numbers('stsc', [1, 1, 1, 1]),
        numbers('stsz', [size - 8, count]),
        numbers('stco', [count, ...offsets]),
      );
      const media = box(
        'mdia',
        boxOf('mdhd'),
        boxOf('hdlr'),
        box('minf', boxOf('smhd'), boxOf('dinf'), table),
      );
      return Buffer.concat([mp4, box('moov', boxOf('mvhd'), box('trak', boxOf('tkhd'), media))]);
    };
    await assertLinear(cutting(0), 'a.m4a', size => new Uint8Array(make(size)), 'cutting');
  });

  const extensions = [
    'jpg',
    'tiff',
    'wav',
    'aiff',
    'flac',
    'mp3',
    'aac',
    'm4a',
    'ogg',
    'opus',
    'webm',
    'amr',
    'mp4',
  ];
  for (const extension of extensions)
    it(`when a .${extension} repeats random pieces of itself, with valid checksums`, async () => {
      const random = randomNumbers(20261125);
      const { name, bytes } = seed(extension);
      for (let run = 0; run < 12; run++) {
        const head = bytes.subarray(0, 1 + random(bytes.length));
        const from = random(bytes.length - 8);
        const piece = bytes.slice(from, from + 4 + random(run % 2 === 0 ? 60 : 2_000));
        piece[random(piece.length)] = random(256);
        const make = (size: number) =>
          repaired(
            name,
            filled(size, head, () => piece),
          );
        await assertLinear(probing, name, make, `probing, run ${run}`);
        if (kindOf(name) === 'audio')
          await assertLinear(cutting(random(20)), name, make, `cutting, run ${run}`);
      }
    });
});

describe('an abort', () => {
  it('stops the search for a FLAC frame within one window', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const work: Work = { steps: 0, reads: 0, bytes: 0 };
    const head = seed('flac').bytes.slice(0, 42);
    head[4] = 0x80;
    const bytes = filled(4 << 20, head, index => flacHeader((index * 7919) % 2 ** 30));
    const file = counted('a.flac', bytes, work);
    const aborting: OpenFile = {
      ...file,
      read: (from, length) => {
        if (work.reads === 4) stop.abort(reason);
        return file.read(from, length);
      },
    };
    const job = { from: 0, clip: { start: 5, end: 6 }, target: countedTarget(work), signal: stop.signal };
    await assert.rejects(cutters.flac?.(aborting, job) ?? Promise.resolve(), thrown => thrown === reason);
    assert.equal(work.reads, 5);
  });
});
