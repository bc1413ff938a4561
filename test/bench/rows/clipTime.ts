import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../host/process.ts';
import { startFakeApi, type FakeApi } from '../../fake-api/server.ts';
import type { Clip } from '../../../src/tools/request.ts';
import type { Bench } from '../bench.ts';
import { median, ms, sideBySide, times } from '../figures.ts';
import { grace, startSlowNetwork } from '../slowNetwork.ts';
import type { Figure, Row } from '../row.ts';
import { createWithOfficial, sentence, windowOf } from '../talkingPhoto.ts';

const bitsPerSecond = 50_000_000;
/** Milliseconds to a server in the same country. */
const roundTrip = 20;
const whole = { start: 0, end: 20 };
/** Milliseconds for checking the files, and for recording the job on disk before the create request. */
const recording = { slower: 10 };

interface Case {
  readonly of: string;
  readonly file: string;
  readonly clip: Clip;
  /** Either the required speed relative to the official client, or the maximum number of milliseconds slower. */
  readonly target: { readonly times: number } | { readonly slower: number };
  readonly runs: number;
}

/** The fake API and its storage behind a slow network. */
async function startDistantApi(roundTrip: number): Promise<FakeApi> {
  const [port, storagePort] = [await freePort(), await freePort()];
  const toApi = await startSlowNetwork(port, { bitsPerSecond, roundTrip });
  const toStorage = await startSlowNetwork(storagePort, { bitsPerSecond, roundTrip });
  const server = await startFakeApi({
    port,
    storagePort,
    storageUrl: `http://127.0.0.1:${toStorage.port}`,
    behavior: { clock: 'manual' },
    account: { credits: 1e6 },
  });
  return {
    ...server,
    apiUrl: `http://127.0.0.1:${toApi.port}`,
    async close() {
      await toApi.close();
      await toStorage.close();
      await server.close();
    },
  };
}

/** Starts only after the network has been idle for a while, so that the previous run has no influence. */
async function afterIdle<T>(run: () => Promise<T>): Promise<T> {
  await delay(3 * grace);
  return run();
}

async function measure(bench: Bench, server: FakeApi, cases: readonly Case[]): Promise<Figure[]> {
  const window = await windowOf(bench, server);
  const figures: Figure[] = [];
  try {
    // Loads all code that would otherwise be loaded on first use.
    const warmUp = await bench.media.audio('mp3', 20);
    for (let run = 0; run < 3; run++) {
      await window.create(warmUp, whole);
      await createWithOfficial(server, warmUp, whole);
    }
    for (const { of, file, clip, target, runs } of cases) {
      const results = await sideBySide(runs, {
        ours: () => afterIdle(() => window.create(file, clip)),
        official: () => afterIdle(() => createWithOfficial(server, file, clip)),
      });
      const ours = median(results.ours.map(({ took }) => took));
      const official = median(results.official.map(({ took }) => took));
      figures.push({
        of,
        ours: ms(ours),
        reference: ms(official),
        ...('times' in target
          ? {
              result: times(official / ours),
              target: target.times > 1 ? times(target.times) : 'never slower',
              reached: official / ours >= target.times,
            }
          : {
              result: `${times(official / ours)}, ${ms(Math.max(0, ours - official))} slower`,
              target: `≤ ${ms(target.slower)} slower`,
              reached: ours - official <= target.slower,
            }),
      });
    }
    return figures;
  } finally {
    await window.dispose();
    await server.close();
  }
}

export const clipTime: Row = {
  name: 'clip-time',
  what: '15 s of an hour: time from submission to the create request, at 50 Mbit/s',
  reference: 'the official client',
  method:
    'All uploads share 50 Mbit/s with a round-trip time of 20 ms, in a window that has been used before but has no uploads to reuse. The time ends when the fake API responds to the create request. Uploads that take most of a minute are measured once, because only the network determines their time; the others several times. The official client doesn’t support `.m4a` and `.ogg`.',
  async measure(bench) {
    const short = await bench.media.audio('mp3', 20);
    const hours = [
      { of: 'WAV', file: await bench.media.hour('wav'), clip: sentence, target: { times: 20 }, runs: 1 },
      { of: 'MP3', file: await bench.media.hour('mp3'), clip: sentence, target: { times: 3 }, runs: 2 },
      { of: 'FLAC', file: await bench.media.hour('flac'), clip: sentence, target: { times: 1 }, runs: 1 },
      { of: '20 s MP3, used in full', file: short, clip: whole, target: recording, runs: 11 },
    ];
    const near = [
      { of: 'the same without round-trip time', file: short, clip: whole, target: recording, runs: 11 },
    ];
    return [
      ...(await measure(bench, await startDistantApi(roundTrip), hours)),
      ...(await measure(bench, await startDistantApi(0), near)),
    ];
  },
};
