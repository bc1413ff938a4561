import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { createAssetPreparation } from '../../src/assets/prepare.ts';
import { talkingPhoto } from '../../src/tools/talkingPhoto.ts';
import { hourFormats, Media, portrait } from '../bench/media.ts';
import {
  headshotOf,
  isSaved,
  openOurs,
  type Ours,
  remoteFiles,
  silent,
  talkingPhotoOf,
  untilJob,
} from '../bench/ours.ts';
import { simulate, simulateOfficial } from '../bench/rows/polling.ts';
import { type FakeApi, startFakeApi } from '../fake-api/server.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

// These are the results of `npm run bench` that don't depend on the machine. package.test.ts checks code sizes.

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** A window and the fake API. Both are closed before their folder is removed. */
async function scene(t: TestContext): Promise<{ server: FakeApi; ours: Ours; folder: string }> {
  const behavior = { renderMs: { headshot: 100, talkingPhoto: 100 } };
  const server = await startFakeApi({ behavior, account: { credits: 10_000 } });
  const opened: Ours[] = [];
  t.after(async () => {
    for (const ours of opened) await ours.dispose();
    await server.close();
  });
  const folder = await temporaryFolder(t);
  const ours = openOurs(server.apiUrl, join(folder, 'storage'));
  opened.push(ours);
  return { server, ours, folder };
}

suite('15 s out of one hour', () => {
  for (const format of hourFormats) {
    const share = format === 'flac' ? 0.02 : 0.01;
    test(`${format}: at most ${share * 100} % are uploaded`, async t => {
      const folder = await temporaryFolder(t);
      // A low sample rate keeps the file small and doesn't change the percentage.
      const audio = await new Media(folder, 16_000).hour(format);
      const { size } = await stat(audio);
      const preparation = createAssetPreparation({ remoteFiles, temporaryFolder: folder, log: silent });
      const clip = { start: 1800, end: 1815 };
      const prepared = await preparation.prepare(
        talkingPhoto,
        talkingPhotoOf(portrait, audio, clip, folder),
        { signal: new AbortController().signal, onPhase: () => Promise.resolve() },
      );
      const sound = prepared.inputs['audio'];
      assert.ok(sound?.kind === 'upload');
      assert.ok(sound.bytes > 0 && sound.bytes <= share * size, `${sound.bytes} of ${size} bytes`);
    });
  }
});

suite('requests', () => {
  test('a talking photo: one for both URLs, one upload each, one create request', async t => {
    const { server, ours, folder } = await scene(t);
    const audio = await new Media(folder, 16_000).audio('mp3', 10);
    const request = talkingPhotoOf(portrait, audio, { start: 0, end: 10 }, folder);
    const [job] = await ours.jobs.submit([request]);
    await untilJob(ours.jobs, job?.id ?? '', isSaved);
    const made = Object.groupBy(server.control.requests, ({ operation }) => operation);
    const counts = Object.fromEntries(Object.entries(made).map(([name, all]) => [name, all?.length]));
    const { videoProject, ...others } = counts;
    assert.deepEqual(others, { uploadUrls: 1, put: 2, createTalkingPhoto: 1, download: 1 });
    assert.equal(videoProject, 1, 'polls');
    assert.deepEqual(server.control.violations, []);
  });

  test('50 headshots of 10 images: 10 uploads, 50 create requests', async t => {
    const { server, ours, folder } = await scene(t);
    await mkdir(join(folder, 'photos'));
    const requests = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const photo = join(folder, 'photos', `photo-${index}.png`);
        await copyFile(portrait, photo);
        await appendFile(photo, String(index % 10));
        return headshotOf(photo, folder, `headshot-${index}`);
      }),
    );
    const jobs = await ours.jobs.submit(requests);
    await Promise.all(jobs.map(({ id }) => untilJob(ours.jobs, id, isSaved)));
    const made = (name: string): number =>
      server.control.requests.filter(({ operation }) => operation === name).length;
    assert.equal(made('put'), 10);
    assert.ok(made('uploadUrls') <= 10, `${made('uploadUrls')} requests for addresses`);
    assert.equal(made('createHeadshot'), 50);
    assert.deepEqual(server.control.violations, []);
  });

  for (const seconds of [14, 60, 174])
    test(`a job of ${seconds} s takes an eighth of the official client's polls, and is saved in time`, async () => {
      const runs = await simulate(seconds * 1000);
      const [polls, delay] = [median(runs.map(run => run.polls)), median(runs.map(run => run.delay))];
      assert.ok(polls <= simulateOfficial(seconds * 1000).polls / 8, `${polls} polls`);
      assert.ok(delay <= Math.min(100 * seconds, 3_000), `${delay} ms late`);
    });

  test('a job of 2 s takes one poll, and is saved in time', async () => {
    const runs = await simulate(2_000);
    assert.equal(median(runs.map(run => run.polls)), 1);
    assert.ok(median(runs.map(run => run.delay)) <= 200);
  });
});
