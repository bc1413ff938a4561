import { join } from 'node:path';
import { startFakeApi } from '../../fake-api/server.ts';
import { Cloud } from '../../support/cloud.ts';
import { openWindow, request } from '../../support/jobDesk.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import type { Bench } from '../bench.ts';
import { count, median, ms } from '../figures.ts';
import { portrait } from '../media.ts';
import { official } from '../official.ts';
import { headshotOf, isSaved, openOurs, untilJob } from '../ours.ts';
import type { Figure, Row } from '../row.ts';

/** What one run cost, and how late its end was noticed and saved, in milliseconds. */
export interface Run {
  readonly looks: number;
  readonly delay: number;
}

const interval = 500;
const runs = 12;

/** The jobs of a real window against a cloud and a clock in memory: hours pass in no time. */
export async function virtually(renderMs: number): Promise<Run[]> {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const cloud = new Cloud(clock);
  cloud.renderTime = renderMs;
  const window = openWindow(clock, disk, cloud);
  const isVideo = renderMs > 20_000;
  const inputs = {
    image: { kind: 'url', url: 'https://example.com/a.png' },
    audio: { kind: 'url', url: 'https://example.com/a.mp3' },
  } as const;
  const more = isVideo ? { tool: 'talkingPhoto', inputs, clip: { start: 0, end: 15 } } : {};
  const all: Run[] = [];
  for (let run = 0; run < runs; run++) {
    const looks = cloud.looks;
    const [job] = await window.jobs.submit([request(more)]);
    await clock.until(() => window.jobs.get(job?.id ?? '')?.phase === 'saved');
    const made = [...cloud.projects.values()].at(-1);
    all.push({
      looks: cloud.looks - looks,
      delay: clock.passed - (made?.createdAt ?? 0) - renderMs,
    });
  }
  await window.jobs.dispose();
  return all;
}

/** The official client looks at once and then every half second; its end falls anywhere in between. */
export const officially = (renderMs: number): Run => ({
  looks: 1 + Math.ceil(renderMs / interval),
  delay: interval / 2,
});

/** Both clients against the fake API, by the clock on the wall. */
async function really(
  bench: Bench,
  renderMs: number,
  times: number,
): Promise<Record<'ours' | 'official', Run[]>> {
  const behaviour = { renderMs: { headshot: renderMs } };
  const make = async (who: 'ours' | 'official'): Promise<Run[]> => {
    const server = await startFakeApi({ behaviour, account: { credits: 1e6 } });
    const folder = await bench.newFolder('results');
    const ours = openOurs(server.apiUrl, await bench.newFolder('storage'));
    const all: Run[] = [];
    for (let run = 0; run < times; run++) {
      const from = server.control.requests.length;
      if (who === 'ours') {
        const [job] = await ours.jobs.submit([headshotOf(portrait, folder, `headshot-${run}`)]);
        await untilJob(ours.jobs, job?.id ?? '', isSaved);
      } else {
        await official(server.apiUrl).v1.aiHeadshotGenerator.generate(
          { assets: { imageFilePath: portrait } },
          { downloadDirectory: join(folder, String(run)) },
        );
      }
      const saved = Date.now();
      const made = server.control.requests.slice(from);
      const created = made.find(({ operation }) => operation === 'createHeadshot')?.time ?? Number.NaN;
      const looks = made.filter(({ operation }) => operation === 'imageProject').length;
      all.push({ looks, delay: saved - created - renderMs });
    }
    await ours.dispose();
    await server.close();
    return all;
  };
  const [ours, theirs] = await Promise.all([make('ours'), make('official')]);
  return { ours, official: theirs };
}

/** The first run of a kind knows only the published median; from then on the window has learnt. */
function figuresOf(of: string, renderMs: number, ours: readonly Run[], official: readonly Run[]): Figure[] {
  const looks = median(ours.map(each => each.looks));
  const theirs = median(official.map(each => each.looks));
  const delay = median(ours.map(each => each.delay));
  const worst = Math.max(...ours.map(each => each.delay));
  const most = Math.min(0.1 * renderMs, 3_000);
  return [
    {
      of: `${of}: requests`,
      ours: `${count(looks)} (first run ${count(ours[0]?.looks ?? Number.NaN)})`,
      reference: count(theirs),
      result: `1/${(theirs / looks).toFixed(1)}`,
      atLeast: '1/8',
      reached: looks <= theirs / 8,
    },
    {
      of: `${of}: delay`,
      ours: `${ms(delay)} (worst ${ms(worst)})`,
      reference: ms(median(official.map(each => each.delay))),
      result: ms(delay),
      atLeast: `≤ ${ms(most)}`,
      reached: delay <= most,
    },
  ];
}

export const notice: Row = {
  name: 'notice',
  what: 'From complete to saved: requests and delay',
  reference: 'the official client, which looks every 0.5 s',
  method:
    'Runs of one length one after the other in a window that begins without any memory, so that the schedule is learnt on the way. With the clock on the wall: ours and the official client at the same time, each with a fake API of its own. By a virtual clock: the real jobs, poller and schedule against a cloud in memory, twelve runs; there the official client is reckoned (one look at once, then one each half second, and a quarter of a second late on the average), because 174 s take too long to be waited for again and again.',
  async measure(bench) {
    const [two, fourteen] = await Promise.all([really(bench, 2_000, 12), really(bench, 14_000, 3)]);
    const figures = [
      ...figuresOf('2 s, by the clock on the wall', 2_000, two.ours, two.official),
      ...figuresOf('14 s, by the clock on the wall', 14_000, fourteen.ours, fourteen.official),
    ];
    for (const seconds of [2, 14, 60, 174]) {
      const ours = await virtually(seconds * 1000);
      figures.push(
        ...figuresOf(`${seconds} s, virtual clock`, seconds * 1000, ours, [officially(seconds * 1000)]),
      );
    }
    return figures;
  },
};
