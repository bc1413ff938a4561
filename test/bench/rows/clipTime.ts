import { freePort } from '../../host/process.ts';
import { startFakeApi, type FakeApi } from '../../fake-api/server.ts';
import type { Clip } from '../../../src/tools/request.ts';
import type { Bench } from '../bench.ts';
import { median, ms, sideBySide, times } from '../figures.ts';
import { startLine } from '../line.ts';
import type { Figure, Row } from '../row.ts';
import { createWithOfficial, sentence, windowOf } from '../talkingPhoto.ts';

const bitsPerSecond = 50_000_000;
/** To a server in the same country. */
const roundTrip = 20;
const whole = { start: 0, end: 20 };

interface Case {
  readonly of: string;
  readonly file: string;
  readonly clip: Clip;
  readonly atLeast: number;
  readonly runs: number;
}

/** The fake API at the far end of a line, both its origins. */
async function farAway(roundTrip: number): Promise<FakeApi> {
  const [port, storagePort] = [await freePort(), await freePort()];
  const toApi = await startLine(port, { bitsPerSecond, roundTrip });
  const toStorage = await startLine(storagePort, { bitsPerSecond, roundTrip });
  const server = await startFakeApi({
    port,
    storagePort,
    storageUrl: `http://127.0.0.1:${toStorage.port}`,
    behaviour: { clock: 'manual' },
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

async function measure(bench: Bench, server: FakeApi, cases: readonly Case[]): Promise<Figure[]> {
  const window = await windowOf(bench, server);
  const figures: Figure[] = [];
  try {
    // What is loaded at first use is loaded.
    const warmUp = await bench.media.sound('mp3', 20);
    for (let run = 0; run < 3; run++) {
      await window.create(warmUp, whole);
      await createWithOfficial(server, warmUp, whole);
    }
    for (const { of, file, clip, atLeast, runs } of cases) {
      const results = await sideBySide(runs, {
        ours: () => window.create(file, clip),
        official: () => createWithOfficial(server, file, clip),
      });
      const ours = median(results.ours.map(({ took }) => took));
      const official = median(results.official.map(({ took }) => took));
      figures.push({
        of,
        ours: ms(ours),
        reference: ms(official),
        result: times(official / ours),
        atLeast: atLeast > 1 ? times(atLeast) : 'never slower',
        reached: official / ours >= atLeast,
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
  what: '15 s out of one hour: from the submission to the create, over 50 Mbit/s',
  reference: 'the official client',
  method:
    'All that goes up shares a line of 50 Mbit/s with a round trip of 20 ms, in a window that has been used before and has forgotten its uploads. The time ends when the fake API has answered the create. Uploads that take most of a minute are run once, because the line alone decides how long they take; the others several times. The official client knows no `.m4a` and no `.ogg`.',
  async measure(bench) {
    const short = await bench.media.sound('mp3', 20);
    const hours = [
      { of: 'WAV', file: await bench.media.hour('wav'), clip: sentence, atLeast: 20, runs: 1 },
      { of: 'MP3', file: await bench.media.hour('mp3'), clip: sentence, atLeast: 3, runs: 2 },
      { of: 'FLAC', file: await bench.media.hour('flac'), clip: sentence, atLeast: 1, runs: 1 },
      { of: 'MP3 of 20 s, used whole', file: short, clip: whole, atLeast: 1, runs: 11 },
    ];
    const near = [{ of: 'the same, no round trip at all', file: short, clip: whole, atLeast: 1, runs: 11 }];
    return [
      ...(await measure(bench, await farAway(roundTrip), hours)),
      ...(await measure(bench, await farAway(0), near)),
    ];
  },
};
