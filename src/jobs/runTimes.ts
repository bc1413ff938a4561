import * as v from 'valibot';
import { secondsOf, type Tool } from '../tools/tool.ts';
import type { Disk } from './disk.ts';
import type { Job } from './job.ts';
import { expectationOf, type Expectation, type RunTime } from './schedule.ts';

const kept = 12;
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const fileSchema = v.object({
  schema: v.literal(1),
  runs: v.record(v.string(), v.array(v.object({ low: time, high: time }))),
});
type Runs = v.InferOutput<typeof fileSchema>['runs'];

/**
 * Identifies runs that should take equally long: those with the same tool, the same options, and clips of about the
 * same length.
 */
function runKey(tool: Tool, job: Pick<Job, 'request'>): string {
  const { clip, values } = job.request;
  const options = (tool.pricedBy ?? []).map(id => values[id] ?? '');
  const length = Math.round(Math.log2(Math.max(1, secondsOf(tool, values, clip))));
  return [tool.id, ...options, length].join(' ');
}

/** How long the latest runs took on this machine. Stored in one small file that may be lost. */
export class RunTimes {
  readonly #disk: Disk;
  readonly #path: string;
  #runs: Promise<Runs> | undefined;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  async expect(tool: Tool, job: Pick<Job, 'request'>): Promise<Expectation> {
    this.#runs ??= this.#read();
    return expectationOf((await this.#runs)[runKey(tool, job)] ?? [], tool.medianSeconds);
  }

  async learn(tool: Tool, job: Pick<Job, 'request'>, run: RunTime): Promise<void> {
    // Other windows may have changed the file.
    const runs = await this.#read();
    const key = runKey(tool, job);
    const next = { ...runs, [key]: [...(runs[key] ?? []), run].slice(-kept) };
    this.#runs = Promise.resolve(next);
    await this.#disk.replace(this.#path, JSON.stringify({ schema: 1, runs: next }));
  }

  async #read(): Promise<Runs> {
    try {
      const parsed = v.safeParse(fileSchema, JSON.parse((await this.#disk.read(this.#path)) ?? ''));
      return parsed.success ? parsed.output.runs : {};
    } catch {
      return {};
    }
  }
}
