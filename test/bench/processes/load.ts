/**
 * `load.ts API CONTROL IMAGE FOLDER`: creates 500 headshots at once in a separate process, 50 of them with a fault at a
 * random point. Prints how the jobs ended, and the peak memory growth of the process in bytes.
 */
import { copyFile, appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeApiControl } from '../../fake-api/control.ts';
import type { Fault } from '../../fake-api/faults.ts';
import { headshotOf, openOurs, untilJob } from '../ours.ts';
import { isEnded } from '../../../src/jobs/job.ts';

const [jobs, failing] = [500, 50];
const [apiUrl = '', controlUrl = '', picture = '', folder = ''] = process.argv.slice(2);

const faults: readonly Omit<Fault, 'nth'>[] = [
  { operation: 'put', action: { kind: 'reset', atByte: 10_000 } },
  { operation: 'put', action: { kind: 'status', status: 503 } },
  { operation: 'createHeadshot', action: { kind: 'status', status: 422, json: { message: 'No.' } } },
  { operation: 'project', action: { kind: 'reset', when: 'reply' } },
  { operation: 'download', action: { kind: 'truncate' } },
];
const control = new FakeApiControl(controlUrl);
for (let index = 0; index < failing; index++) {
  const fault = faults[index % faults.length];
  if (fault) await control.fault({ ...fault, nth: 1 + Math.floor(Math.random() * (jobs - failing)) });
}

const images: string[] = [];
for (let index = 0; index < jobs; index++) {
  const image = join(folder, `photo-${index}.png`);
  await copyFile(picture, image);
  await appendFile(image, String(index));
  images.push(image);
}
const ours = openOurs(apiUrl, join(folder, 'storage'));
const before = process.memoryUsage().rss;
const start = performance.now();
const submitted = await ours.jobs.submit(
  images.map((image, index) => headshotOf(image, folder, `headshot-${index}`)),
);
const ended = await Promise.all(submitted.map(({ id }) => untilJob(ours.jobs, id, isEnded)));
const took = performance.now() - start;
const grown = process.resourceUsage().maxRSS * 1024 - before;
const saved = ended.filter(({ phase }) => phase === 'saved').length;
await ours.dispose();
console.log(JSON.stringify({ took, grown, saved, failed: ended.length - saved }));
