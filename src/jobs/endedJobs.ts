import { join } from 'node:path';
import type { Disk } from './disk.ts';
import type { Clock, Log } from './ports.ts';
import { parseRecord, type JobRecord } from './record.ts';

const day = 24 * 60 * 60 * 1000;
/** What is kept of the past. */
const keepAtMost = 5_000;
const keepFor = 365 * day;
/** Files read at the same time when the whole history is asked for. */
const readWidth = 32;

/**
 * Jobs that ended, one file each, in a folder that is only looked into when somebody asks for the past. The record of a
 * job that is gone on with stays until its next end takes its place: removing it could meet that one instead.
 */
export class EndedJobs {
  readonly folder: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(disk: Disk, folder: string, clock: Clock, log: Log) {
    this.#disk = disk;
    this.folder = folder;
    this.#clock = clock;
    this.#log = log;
  }

  async read(id: string): Promise<JobRecord | undefined> {
    const text = await this.#disk.read(this.#path(id));
    const read = text === undefined ? undefined : parseRecord(text);
    return read?.kind === 'job' ? read.job : undefined;
  }

  /**
   * Puts the last record of a job away here, unless another window has done so already: what lies at `path` by then is
   * of one that came too late, and goes.
   */
  async take(job: JobRecord, path: string): Promise<void> {
    const latest = await this.read(job.id);
    if (latest && latest.revision >= job.revision) await this.#disk.remove(path);
    else await this.#disk.move(path, this.#path(job.id));
  }

  async remove(id: string): Promise<void> {
    await this.#disk.remove(this.#path(id));
  }

  /** All of them, newest first. */
  async all(): Promise<JobRecord[]> {
    const ids = await this.#ids();
    const jobs: JobRecord[] = [];
    for (let from = 0; from < ids.length; from += readWidth) {
      const read = await Promise.all(ids.slice(from, from + readWidth).map(id => this.#readOrSetAside(id)));
      for (const job of read) if (job) jobs.push(job);
    }
    return jobs.toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Forgets what is very old or very much. Unfinished jobs are not here, so they are never forgotten. */
  async prune(): Promise<void> {
    const ids = (await this.#ids()).toSorted().toReversed();
    const tooOld = timeId(this.#clock.now() - keepFor);
    const doomed = ids.filter((id, index) => index >= keepAtMost || id < tooOld);
    for (const id of doomed) await this.#disk.remove(this.#path(id));
    if (doomed.length > 0) this.#log.info(`Forgot ${doomed.length} old jobs`);
  }

  async #ids(): Promise<string[]> {
    return (await this.#disk.list(this.folder))
      .filter(file => /^[\w-]+\.json$/.test(file))
      .map(file => file.slice(0, -'.json'.length));
  }

  async #readOrSetAside(id: string): Promise<JobRecord | undefined> {
    const text = await this.#disk.read(this.#path(id));
    if (text === undefined) return undefined;
    const read = parseRecord(text);
    if (read.kind === 'job' && read.job.id === id) return read.job;
    if (read.kind === 'newer') return undefined;
    this.#log.error(`The record of ended job ${id} is damaged; it is set aside as ${id}.json.damaged`);
    await this.#disk.move(this.#path(id), `${this.#path(id)}.damaged`);
    return undefined;
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

/** The beginning of every job id: sorts by time, as text. */
export const timeId = (time: number): string => Math.max(0, Math.floor(time)).toString(36).padStart(9, '0');

/** Sorts by time of submission; the rest is chance. */
export function newJobId(clock: Clock): string {
  const chance = Math.floor(clock.random() * 36 ** 8).toString(36);
  return `${timeId(clock.now())}-${chance.padStart(8, '0')}`;
}
