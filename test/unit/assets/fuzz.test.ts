import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { cutters } from '../../../src/assets/clip.ts';
import type { OpenFile } from '../../../src/assets/file.ts';
import { probeFile } from '../../../src/assets/probe.ts';
import { sniff } from '../../../src/assets/sniff.ts';
import type { Target } from '../../../src/assets/target.ts';
import { kindOf } from '../../../src/shared/formats.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { repaired } from './checksums.ts';
import { randomNumbers } from './media.ts';
import { makeSeeds, type Seed } from './seeds.ts';

const probes = 40_000;
const cuts = 3_000;
/**
 * A limit in milliseconds, far above the time for probing a few kilobytes on a busy machine. growth.test.ts tests how
 * the time grows.
 */
const longest = 5_000;
const mostMemory = 1024 * 1024 * 1024;

const extremes = [0, 1, 0x7f, 0x80, 0xff];

/**
 * A seed with flipped, extreme, moved, repeated, cut-off or random bytes, mostly in its header. Half of the results
 * have valid checksums, so that the code after the checksum check is reached.
 */
function mutated(seed: Seed, random: (below: number) => number): Uint8Array {
  let bytes = seed.bytes.slice();
  const place = () => random(random(4) === 0 ? bytes.length : Math.min(bytes.length, 256)) || 0;
  for (let times = 1 + random(6); times > 0 && bytes.length > 8; times--) {
    const at = place();
    switch (random(7)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        bytes[at] = extremes[random(extremes.length)] ?? 0;
        break;
      case 2:
        bytes.fill(extremes[random(extremes.length)] ?? 0, at, at + 1 + random(8));
        break;
      case 3:
        bytes = bytes.slice(0, Math.max(1, at));
        break;
      case 4:
        bytes.copyWithin(at, place(), place() + random(64));
        break;
      case 5: {
        const piece = bytes.slice(at, at + random(512));
        bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]));
        break;
      }
      default:
        for (let i = 0; i < 4; i++) bytes[at + i] = random(256);
    }
  }
  return random(2) === 0 ? repaired(seed.name, bytes) : bytes;
}

const opened = (name: string, bytes: Uint8Array): OpenFile => ({
  name,
  size: bytes.length,
  modified: 0,
  read: (from, length) => Promise.resolve(bytes.slice(from, from + Math.max(0, length))),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** Counts the bytes instead of writing them. Fails if a cut grows out of proportion. */
function counting(limit: number): Target {
  let end = 0;
  const put = (bytes: Uint8Array, at: number) => {
    end = Math.max(end, at + bytes.length);
    assert.ok(end < limit, 'the cut is much larger than the recording');
    return Promise.resolve();
  };
  return {
    get bytes() {
      return end;
    },
    put,
    append: bytes => put(bytes, end),
    async copy(source, from, length) {
      const bytes = await source.read(from, length);
      if (bytes.length < length) throw new Error('The file became shorter during the cut');
      await put(bytes, end);
    },
  };
}

let seeds: readonly Seed[] = [];
before(async () => {
  seeds = await makeSeeds();
});

describe('for any bytes', () => {
  it('the unchanged seeds are recognized', async () => {
    for (const { name, bytes } of seeds) {
      const info = await probeFile(opened(name, bytes), kindOf(name) ?? 'image');
      assert.ok(info.seconds ?? info.width, name);
    }
    const heic = seeds.find(({ name }) => name === 'a.heic');
    const { width, height } = await probeFile(opened('a.heic', heic?.bytes ?? new Uint8Array()), 'image');
    assert.deepEqual([width, height], [32, 16], 'turned by irot');
  });

  it(`${probes} probes end soon with a result or a message, in bounded memory`, async () => {
    const random = randomNumbers(20261120);
    let slowest = 0;
    for (let i = 0; i < probes; i++) {
      const seed = seeds[i % seeds.length];
      assert.ok(seed);
      const bytes =
        i % 50 === 0 ? Uint8Array.from({ length: random(600) }, () => random(256)) : mutated(seed, random);
      const begun = performance.now();
      try {
        const info = await probeFile(opened(seed.name, bytes), kindOf(seed.name) ?? 'image');
        for (const number of [info.seconds, info.width, info.height])
          assert.ok(number === undefined || (Number.isFinite(number) && number > 0), JSON.stringify(info));
      } catch (error) {
        if (!(error instanceof HumanError)) throw new Error(`Run ${i}, ${seed.name}`, { cause: error });
      }
      slowest = Math.max(slowest, performance.now() - begun);
    }
    assert.ok(slowest < longest, `a probe took ${slowest} ms`);
    assert.ok(process.memoryUsage().rss < mostMemory, `${process.memoryUsage().rss >> 20} MB`);
  });

  it(`${cuts} cuts end soon and aren't much larger than the original`, async () => {
    const random = randomNumbers(7);
    const sounds = seeds.filter(({ name }) => kindOf(name) === 'audio');
    const { signal } = new AbortController();
    let slowest = 0;
    let made = 0;
    for (let i = 0; i < cuts; i++) {
      const seed = sounds[i % sounds.length];
      assert.ok(seed);
      const bytes = mutated(seed, random);
      const file = opened(seed.name, bytes);
      const found = await sniff(file);
      const cutter = found && 'content' in found ? cutters[found.content] : undefined;
      if (!found || !('content' in found) || !cutter) continue;
      const begun = performance.now();
      const clip = { start: random(30) / 100, end: 0.3 + random(100) / 10 };
      const target = counting(bytes.length * 2 + 65_536);
      // A cut may fail, because then the complete file is uploaded.
      await cutter(file, { from: found.from, clip, target, signal }).then(
        () => made++,
        (error: unknown) => {
          assert.ok(
            error instanceof Error && !(error instanceof assert.AssertionError),
            `Run ${i}: ${String(error)}`,
          );
        },
      );
      slowest = Math.max(slowest, performance.now() - begun);
    }
    assert.ok(slowest < longest, `a cut took ${slowest} ms`);
    assert.ok(made > cuts / 2, `${made} cuts were made`);
  });
});
