import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchFakeApi } from '../../fake-api/launch.ts';
import type { Bench } from '../bench.ts';
import { count, median, ms, timed, times } from '../figures.ts';
import { official } from '../official.ts';
import { headshotOf, isSaved, openOurs, untilJob } from '../ours.ts';
import type { Row } from '../row.ts';

const [photos, distinct, renderMs] = [50, 10, 2_000];

/** Creates fifty photos: five copies of each of ten images. */
async function album(bench: Bench): Promise<string[]> {
  const folder = await bench.newFolder('album');
  const files: string[] = [];
  for (let index = 0; index < photos; index++) {
    const file = join(folder, `photo-${index + 1}.png`);
    await copyFile(await bench.media.image(index % distinct), file);
    files.push(file);
  }
  return files;
}

/** Milliseconds from submitting until the last result is saved, in a window with no job history. */
async function createWithOurs(bench: Bench, apiUrl: string, images: readonly string[]): Promise<number> {
  const ours = openOurs(apiUrl, await bench.newFolder('storage'));
  const folder = await bench.newFolder('results');
  try {
    return await timed(async () => {
      const jobs = await ours.jobs.submit(
        images.map((image, index) => headshotOf(image, folder, `headshot-${index + 1}`)),
      );
      await Promise.all(jobs.map(({ id }) => untilJob(ours.jobs, id, isSaved)));
    });
  } finally {
    await ours.dispose();
  }
}

export const headshots: Row = {
  name: 'headshots',
  what: '50 headshots with 2 s rendering time, 10 distinct images',
  reference: 'the official client in a loop; the ideal is the slowest single headshot',
  method:
    'From submission until the last result is on disk, in a window without any history and with the default settings. The ideal is the slowest of four headshots created one after the other. The official client creates all 50 headshots once.',
  async measure(bench) {
    const images = await album(bench);
    const server = await launchFakeApi();
    try {
      const { control } = server;
      await control.configure({ renderMs: { headshot: renderMs } });
      await control.setAccount({ credits: 1e6 });
      // Loads all code that would otherwise be loaded on first use.
      await createWithOurs(bench, server.apiUrl, images.slice(-1));

      const single: number[] = [];
      const all: number[] = [];
      let uploads = 0;
      for (let run = 0; run < 4; run++) {
        single.push(await createWithOurs(bench, server.apiUrl, images.slice(run, run + 1)));
        if (run === 0) continue;
        const before = (await control.uploads()).length;
        all.push(await createWithOurs(bench, server.apiUrl, images));
        uploads = Math.max(uploads, (await control.uploads()).length - before);
      }
      const folder = await bench.newFolder('official');
      await mkdir(folder, { recursive: true });
      const client = official(server.apiUrl);
      const loop = await timed(async () => {
        for (const [index, imageFilePath] of images.entries())
          await client.v1.aiHeadshotGenerator.generate(
            { assets: { imageFilePath } },
            { downloadDirectory: join(folder, String(index)) },
          );
      });
      const [ours, ideal] = [median(all), Math.max(...single)];
      return [
        {
          of: 'compared with the official client',
          ours: ms(ours),
          reference: ms(loop),
          result: times(loop / ours),
          target: '10 ×',
          reached: loop / ours >= 10,
        },
        {
          of: 'compared with the ideal',
          ours: ms(ours),
          reference: ms(ideal),
          result: times(ours / ideal),
          target: '≤ 1.25 ×',
          reached: ours / ideal <= 1.25,
        },
        {
          of: 'uploads',
          ours: count(uploads),
          reference: count(photos),
          result: count(uploads),
          target: count(distinct),
          reached: uploads === distinct,
        },
      ];
    } finally {
      await server.close();
    }
  },
};
