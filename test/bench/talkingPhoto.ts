import { extname } from 'node:path';
import type { Clip } from '../../src/tools/request.ts';
import type { FakeApi } from '../fake-api/server.ts';
import type { Bench } from './bench.ts';
import { portrait } from './media.ts';
import { official } from './official.ts';
import { openOurs, talkingPhotoOf, untilJob } from './ours.ts';

/** 15 seconds from the middle of an hour, like a sentence that a user might select. */
export const sentence: Clip = { start: 1800, end: 1815 };

export interface Creation {
  /** Milliseconds from submitting until the server responds to the create request. */
  readonly took: number;
  /** Bytes of audio that were uploaded. */
  readonly bytes: number;
}

/** The bytes of audio that the server received since request number `from`. */
function audioBytes(server: FakeApi, from: number): number {
  return server.control.requests
    .slice(from)
    .filter(({ operation, path }) => operation === 'put' && extname(path) !== '.png')
    .reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

async function measureCreation(server: FakeApi, submit: () => Promise<unknown>): Promise<Creation> {
  const from = server.control.requests.length;
  const creates = server.control.creates().length;
  const start = performance.now();
  const submitted = submit();
  await Promise.race([server.control.waitFor('create', creates + 1), submitted.then(() => undefined)]);
  const took = performance.now() - start;
  await submitted;
  return { took, bytes: audioBytes(server, from) };
}

/**
 * Simulates a window that has been used before but has forgotten its uploads, so that every talking photo uploads its
 * files again.
 */
export async function windowOf(
  bench: Bench,
  server: FakeApi,
): Promise<{ create(audio: string, clip?: Clip): Promise<Creation>; dispose(): Promise<void> }> {
  const ours = openOurs(server.apiUrl, await bench.newFolder('storage'));
  const results = await bench.newFolder('results');
  return {
    dispose: () => ours.dispose(),
    async create(audio, clip = sentence) {
      const request = talkingPhotoOf(portrait, audio, clip, results);
      let id = '';
      const creation = await measureCreation(server, async () => {
        [{ id = '' } = {}] = await ours.jobs.submit([request]);
        await untilJob(ours.jobs, id, ({ phase }) => phase === 'waiting');
      });
      await ours.uploads.forget(Object.values(ours.jobs.get(id)?.uploads?.references ?? {}));
      await ours.jobs.stop(id);
      return creation;
    },
  };
}

/** Creates a talking photo with the official client, as described in its manual. */
export async function createWithOfficial(server: FakeApi, audio: string, clip = sentence): Promise<Creation> {
  return await measureCreation(server, () =>
    official(server.apiUrl).v1.aiTalkingPhoto.generate(
      {
        startSeconds: clip.start,
        endSeconds: clip.end,
        assets: { imageFilePath: portrait, audioFilePath: audio },
      },
      { waitForCompletion: false, downloadOutputs: false },
    ),
  );
}
