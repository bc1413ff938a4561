import { join } from 'node:path';
import { startFakeApi } from '../../fake-api/server.ts';
import { MemoryServer } from '../../support/memoryServer.ts';
import { openWindow, request } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import type { Bench } from '../bench.ts';
import { count, median, ms } from '../figures.ts';
import { portrait } from '../media.ts';
import { official } from '../official.ts';
import { headshotOf, isSaved, openOurs, untilJob } from '../ours.ts';
import type { Figure, Row } from '../row.ts';

/** The number of a job's polls, and the milliseconds from its completion until the result is saved. */
export interface Run {
  readonly polls: number;
  readonly delay: number;
}

const interval = 500;
const runs = 12;

/** Runs the jobs of a real window with a simulated API and clock, so that hours pass instantly. */
export async function simulate(renderMs: number): Promise<Run[]> {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  server.renderTime = renderMs;
  const window = openWindow(clock, disk, server);
  const isVideo = renderMs > 20_000;
  const inputs = {
    image: { kind: 'url', url: 'https://example.com/a.png' },
    audio: { kind: 'url', url: 'https://example.com/a.mp3' },
  } as const;
  const more = isVideo ? { tool: 'talkingPhoto', inputs, clip: { start: 0, end: 15 } } : {};
  const all: Run[] = [];
  for (let run = 0; run < runs; run++) {
    const polls = server.polls;
    const [job] = await window.jobs.submit([request(more)]);
    await clock.until(() => window.jobs.get(job?.id ?? '')?.phase === 'saved');
    const made = [...server.projects.values()].at(-1);
    all.push({
      polls: server.polls - polls,
      delay: clock.passed - (made?.createdAt ?? 0) - renderMs,
    });
  }
  await window.jobs.dispose();
  return all;
}

/** The official client polls immediately and then every half second; a job completes at any time between two polls. */
export const simulateOfficial = (renderMs: number): Run => ({
  polls: 1 + Math.ceil(renderMs / interval),
  delay: interval / 2,
});

/** Runs both clients with the fake API and the real clock. */
async function measureBoth(
  bench: Bench,
  renderMs: number,
  times: number,
): Promise<Record<'ours' | 'official', Run[]>> {
  const behavior = { renderMs: { headshot: renderMs } };
  const create = async (who: 'ours' | 'official'): Promise<Run[]> => {
    const server = await startFakeApi({ behavior, account: { credits: 1e6 } });
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
      const requests = server.control.requests.slice(from);
      const created = requests.find(({ operation }) => operation === 'createHeadshot')?.time ?? Number.NaN;
      const polls = requests.filter(({ operation }) => operation === 'imageProject').length;
      all.push({ polls, delay: saved - created - renderMs });
    }
    await ours.dispose();
    await server.close();
    return all;
  };
  const [ours, theirs] = await Promise.all([create('ours'), create('official')]);
  return { ours, official: theirs };
}

function figuresOf(of: string, renderMs: number, ours: readonly Run[], official: readonly Run[]): Figure[] {
  const polls = median(ours.map(each => each.polls));
  const theirs = median(official.map(each => each.polls));
  // The target is an eighth of the official client's polls, but at least one poll is needed.
  const most = Math.max(1, theirs / 8);
  const delay = median(ours.map(each => each.delay));
  const worst = Math.max(...ours.map(each => each.delay));
  const latest = Math.min(0.1 * renderMs, 3_000);
  return [
    {
      of: `${of}: polls`,
      ours: `${count(polls)} (first ${count(ours[0]?.polls ?? Number.NaN)})`,
      reference: count(theirs),
      result: `1/${(theirs / polls).toFixed(1)}`,
      target: theirs < 8 ? 'one poll' : '1/8',
      reached: polls <= most,
    },
    {
      of: `${of}: delay`,
      ours: `${ms(delay)} (worst ${ms(worst)})`,
      reference: ms(median(official.map(each => each.delay))),
      result: ms(delay),
      target: `≤ ${ms(latest)}`,
      reached: delay <= latest,
    },
  ];
}

export const polling: Row = {
  name: 'polling',
  what: 'Polls while rendering, and the delay from completion to the saved result',
  reference: 'the official client, which polls every 0.5 s',
  method:
    'Jobs of the same rendering time, one after the other, in a window that starts without any history, so that it learns the schedule as it goes. Real clock: the extension and the official client at the same time, each with its own fake API. Virtual clock: the real jobs and polling schedule with a simulated API, twelve jobs each; the official client’s figures are calculated (one poll immediately and then one every half second, with an average delay of a quarter of a second).',
  async measure(bench) {
    const [two, fourteen] = await Promise.all([measureBoth(bench, 2_000, 12), measureBoth(bench, 14_000, 3)]);
    const figures = [
      ...figuresOf('2 s, real clock', 2_000, two.ours, two.official),
      ...figuresOf('14 s, real clock', 14_000, fourteen.ours, fourteen.official),
    ];
    for (const seconds of [2, 14, 60, 174]) {
      const ours = await simulate(seconds * 1000);
      figures.push(
        ...figuresOf(`${seconds} s, virtual clock`, seconds * 1000, ours, [simulateOfficial(seconds * 1000)]),
      );
    }
    return figures;
  },
};
