import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';

/** The path of ffmpeg from npm, which is the same version on every machine. */
export const ffmpegPath: string = (
  createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { readonly path: string }
).path;

const run = promisify(execFile);
const running = new Set<Promise<unknown>>();

/** @returns standard output as bytes */
export async function ffmpeg(...args: readonly string[]): Promise<Buffer> {
  const process = run(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  });
  running.add(process);
  try {
    return (await process).stdout;
  } finally {
    running.delete(process);
  }
}

/** Creates a folder that is removed after the tests in this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'magic-hour-'));
  after(async () => {
    // Wait for media that's created while the file is loaded, even if `--grep` skips all of its tests.
    while (running.size > 0) await Promise.allSettled(running);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Arguments for audio that never repeats, so that cross-correlation can find a position. */
export const noise = (seconds: number, rate = 44_100): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `anoisesrc=duration=${seconds}:sample_rate=${rate}:seed=7:color=pink:amplitude=0.4`,
];

export const picture = (width: number, height: number): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc=size=${width}x${height}:rate=1:duration=1`,
  '-frames:v',
  '1',
];

/** Generates the same numbers on every run, so that a failure can be reproduced (xorshift32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
