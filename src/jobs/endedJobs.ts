import { join } from 'node:path';
import type { Disk } from './disk.ts';
import type { Clock, Log } from './ports.ts';
import { parseRecord, serializeRecord, type JobRecord } from './record.ts';

const day = 24 * 60 * 60 * 1000;
/** What is kept of the past. */
const keepAtMost = 5_000;
const keepFor = 365 * day;
/** How long after its submission it stays known of a job that was forgotten that it had ended. No window sleeps longer. */
const keepForgottenFor = 30 * day;
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
    if ((await this.lastRevision(job.id)) >= job.revision) return this.#disk.remove(path);
    await this.#disk.move(path, this.#path(job.id));
    // Another window may have put it away a moment before, and a third, which slept, have written that number anew: what
    // was moved then is the late one.
    const moved = await this.read(job.id);
    if (moved?.revision === job.revision && moved.writes.at(-1) !== job.writes.at(-1))
      await this.#disk.replace(this.#path(job.id), serializeRecord(job));
  }

  /** The revision with which a job ended, also when it was forgotten since. -1: it has not ended. */
  async lastRevision(id: string): Promise<number> {
    const ended = await this.read(id);
    if (ended) return ended.revision;
    const text = await this.#disk.read(this.#forgottenPath(id));
    return text === undefined ? -1 : revisionIn(text);
  }

  /**
   * Forgets a job, but for the fact that it has ended: a window that slept meanwhile may still believe that it is to be
   * made. Needs no room on the disk.
   */
  async remove(id: string): Promise<void> {
    const forgotten = this.#forgottenPath(id);
    await this.#disk.move(this.#path(id), forgotten);
    const text = await this.#disk.read(forgotten);
    if (text === undefined) return;
    await this.#disk
      .replace(forgotten, JSON.stringify({ revision: revisionIn(text) }))
      .catch((error: unknown) => this.#log.warn(`Job ${id} is not quite forgotten: ${String(error)}`));
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
    const past = timeId(this.#clock.now() - keepForgottenFor);
    for (const name of await this.#disk.list(this.folder))
      if (name.endsWith(forgottenEnding) && name < past) await this.#disk.remove(join(this.folder, name));
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

  #forgottenPath(id: string): string {
    return join(this.folder, `${id}${forgottenEnding}`);
  }
}

const forgottenEnding = '.forgotten';

/** Of what a job was forgotten by: its revision alone, or its record still. */
function revisionIn(text: string): number {
  try {
    const { revision }: { revision?: unknown } = JSON.parse(text);
    return typeof revision === 'number' ? revision : -1;
  } catch {
    return -1;
  }
}

/** The beginning of every job id: sorts by time, as text. */
export const timeId = (time: number): string => Math.max(0, Math.floor(time)).toString(36).padStart(9, '0');

/** Sorts by time of submission; the rest is chance. */
export function newJobId(clock: Clock): string {
  const chance = Math.floor(clock.random() * 36 ** 8).toString(36);
  return `${timeId(clock.now())}-${chance.padStart(8, '0')}`;
}
