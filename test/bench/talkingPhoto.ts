import { extname } from 'node:path';
import type { Clip } from '../../src/tools/request.ts';
import type { FakeApi } from '../fake-api/server.ts';
import type { Bench } from './bench.ts';
import { portrait } from './media.ts';
import { official } from './official.ts';
import { openOurs, talkingPhotoOf, untilJob } from './ours.ts';

/** 15 seconds in the middle of an hour, as somebody picks a sentence. */
export const sentence: Clip = { start: 1800, end: 1815 };

export interface Creation {
  /** Milliseconds from the submission until the server has answered the create. */
  readonly took: number;
  /** Bytes of the sound that went up. */
  readonly bytes: number;
}

/** What a client did since `from`, seen from the server. */
function soundSent(server: FakeApi, from: number): number {
  return server.control.requests
    .slice(from)
    .filter(({ operation, path }) => operation === 'put' && extname(path) !== '.png')
    .reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

async function observed(server: FakeApi, submit: () => Promise<unknown>): Promise<Creation> {
  const from = server.control.requests.length;
  const creates = server.control.creates().length;
  const begun = performance.now();
  const submitted = submit();
  await Promise.race([server.control.waitFor('create', creates + 1), submitted.then(() => undefined)]);
  const took = performance.now() - begun;
  await submitted;
  return { took, bytes: soundSent(server, from) };
}

/** A window that has been used before, in which every talking photo is as new: what was uploaded is forgotten. */
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
      const creation = await observed(server, async () => {
        [{ id = '' } = {}] = await ours.jobs.submit([request]);
        await untilJob(ours.jobs, id, ({ phase }) => phase === 'waiting');
      });
      await ours.uploads.forget(Object.values(ours.jobs.get(id)?.references ?? {}));
      await ours.jobs.stop(id);
      return creation;
    },
  };
}

/** The same by the official client, in the way its manual shows. */
export async function createWithOfficial(server: FakeApi, audio: string, clip = sentence): Promise<Creation> {
  return await observed(server, () =>
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
