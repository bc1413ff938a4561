import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { isJobId, randomMark, type JobRecord } from './job.ts';
import type { JobFiles } from './jobFiles.ts';
import { eachOf } from './limiter.ts';
import type { Clock, Log } from './ports.ts';
import { parseRecord, parseValue, schemaVersion, serializeRecord } from './record.ts';

export interface OldRecordsOptions {
  readonly disk: Disk;
  /** The `jobs` folder of 0.1.0. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isAlive: (window: string) => Promise<boolean>;
  /** The destination of the jobs. */
  readonly files: JobFiles;
}

/**
 * Moves the jobs that 0.1.0 stored (`open/<id>.<revision>.json`, `ended/<id>.json`) into the store. Windows with 0.1.0
 * may still be running, so a job that one of them works on is left alone. Every other job is fenced, in two ways that
 * 0.1.0 respects: a higher revision that it can't read, and a marker saying that the job has ended. Each step can be
 * repeated after a crash.
 */
export class OldRecords {
  readonly #options: OldRecordsOptions;
  readonly #open: string;
  readonly #ended: string;
  readonly #reported = new Set<string>();
  #isInUse = false;

  constructor(options: OldRecordsOptions) {
    this.#options = options;
    this.#open = join(options.folder, 'open');
    this.#ended = join(options.folder, 'ended');
  }

  /** Whether a window with 0.1.0 still works on a job. */
  get isInUse(): boolean {
    return this.#isInUse;
  }

  async moveUnfinished(): Promise<void> {
    this.#isInUse = false;
    const ids = (await this.#options.disk.list(this.#open)).flatMap(name => revisionOf(name)?.id ?? []);
    for (const id of new Set(ids)) await this.move(id);
  }

  async moveAll(): Promise<void> {
    await this.moveUnfinished();
    const ids = (await this.#options.disk.list(this.#ended)).flatMap(name =>
      name.endsWith('.json') && isJobId(name.slice(0, -5)) ? [name.slice(0, -5)] : [],
    );
    await eachOf(ids, id => this.move(id));
    // 0.1.0 kept a list of its uploads here.
    if (!this.#isInUse) await this.#options.disk.removeFolder(join(dirname(this.#options.folder), 'uploads'));
  }

  async move(id: string): Promise<void> {
    const { disk, files } = this.#options;
    const job = await this.#fence(id);
    if (!job) return;
    await files.makeFolders();
    if ((await files.latest(id)) < 0) await files.write(job);
    await disk.replace(
      join(this.#ended, `${id}.forgotten`),
      JSON.stringify({ revision: Number.MAX_SAFE_INTEGER }),
    );
    await disk.remove(this.#endedPath(id));
    for (const revision of await this.#revisions(id)) await disk.remove(this.#openPath(id, revision));
  }

  /** Prevents windows with 0.1.0 from writing the job, then returns the job to store. */
  async #fence(id: string): Promise<JobRecord | undefined> {
    const { disk, clock, isAlive } = this.#options;
    const ended = await disk.read(this.#endedPath(id));
    const highest = (await this.#revisions(id)).at(-1);
    const text = highest === undefined ? ended : await disk.read(this.#openPath(id, highest));
    if (text === undefined) return undefined;
    const fenced = parseRecord(text);
    if (fenced) return fenced;
    const job = parseOldRecord(text);
    if (job?.id !== id) {
      if (!this.#reported.has(id))
        this.#options.log.error(`Couldn't read job ${id} of an earlier version, leaving it alone`);
      this.#reported.add(id);
      return undefined;
    }
    if (highest !== undefined) {
      if (job.owner && (await isAlive(job.owner.window))) {
        this.#isInUse = true;
        return undefined;
      }
      // A window that had been suspended ended the job after the latest revision was written.
      const end = Math.max(revisionIn(ended), revisionIn(await disk.read(this.#forgottenPath(id))));
      if (end >= highest) {
        await disk.remove(this.#openPath(id, highest));
        return this.#fence(id);
      }
    }
    const revision = (highest ?? job.revision) + 1;
    const next = { ...job, revision, writes: [...job.writes.slice(-5), randomMark(clock)] };
    const path = this.#openPath(id, revision);
    await disk.makeFolder(this.#open);
    // If a window with 0.1.0 writes at the same time, the job is moved later.
    if (!(await disk.create(path, serializeRecord(next), true))) return undefined;
    if ((await this.#revisions(id)).some(other => other > revision)) {
      await disk.remove(path);
      return undefined;
    }
    return next;
  }

  /** In ascending order. */
  async #revisions(id: string): Promise<number[]> {
    const names = await this.#options.disk.list(this.#open);
    return names
      .flatMap(name => {
        const found = revisionOf(name);
        return found?.id === id ? [found.revision] : [];
      })
      .toSorted((a, b) => a - b);
  }

  #openPath(id: string, revision: number): string {
    return join(this.#open, `${id}.${revision}.json`);
  }

  #endedPath(id: string): string {
    return join(this.#ended, `${id}.json`);
  }

  #forgottenPath(id: string): string {
    return join(this.#ended, `${id}.forgotten`);
  }
}

function revisionOf(name: string): { readonly id: string; readonly revision: number } | undefined {
  const [, id, revision] = /^([\w-]{1,80})\.(\d+)\.json$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, revision: Number(revision) };
}

function revisionIn(text: string | undefined): number {
  try {
    const { revision } = JSON.parse(text ?? '') as { revision?: unknown };
    return typeof revision === 'number' ? revision : -1;
  } catch {
    return -1;
  }
}

/**
 * Converts a record of 0.1.0, or returns undefined if it isn't one. Some fields had other names, and 0.1.0 recorded
 * when the wait started instead of how long it took.
 */
function parseOldRecord(textOfFile: string): JobRecord | undefined {
  try {
    const old = JSON.parse(textOfFile) as Record<string, unknown> | null;
    if (old?.['schema'] !== 1) return undefined;
    const { consent, placing, failure, blocked, waitingSince: _, ...others } = old;
    const { references, uploadedAt: at, uploadedClip: clip, ...rest } = others;
    return parseValue({
      ...rest,
      schema: schemaVersion,
      approval: consent,
      ...(references !== undefined &&
        at !== undefined && { uploads: { references, at, ...(clip !== undefined && { clip }) } }),
      ...(placing !== undefined && { finalizing: placing }),
      ...(failure !== undefined && { failure: renameRemedy(failure) }),
      ...(blocked !== undefined && { blocked: renameRemedy(blocked) }),
    });
  } catch {
    return undefined;
  }
}

function renameRemedy(old: unknown): unknown {
  const { remedy, ...rest } = old as Record<string, unknown>;
  return remedy === undefined ? rest : { suggestedAction: remedy, ...rest };
}
