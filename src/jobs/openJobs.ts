import type { Disk } from './disk.ts';
import type { Clock, Log } from './ports.ts';
import { parseRecord, serializeRecord, type JobRecord, type ReadRecord } from './record.ts';
import { Revisions } from './revisions.ts';

/** The records of unfinished jobs as they lie on disk, one file each but for the moment in which one is replaced. */
export class OpenJobs {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #revisions: Revisions;
  /** `<id>.<revision>` of what a later version of the extension wrote. */
  readonly #untouchable = new Set<string>();

  constructor(disk: Disk, folder: string, clock: Clock, log: Log) {
    this.#disk = disk;
    this.#clock = clock;
    this.#log = log;
    this.#revisions = new Revisions(disk, folder, { durable: true });
  }

  get folder(): string {
    return this.#revisions.folder;
  }

  path({ id, revision }: JobRecord): string {
    return this.#revisions.path(id, revision);
  }

  /** The highest revision of every job that may be touched, by id. */
  async heads(): Promise<Map<string, number>> {
    const heads = await this.#revisions.heads();
    for (const [id, revision] of heads) if (this.#untouchable.has(`${id}.${revision}`)) heads.delete(id);
    return heads;
  }

  /** The latest record of a job. What is damaged is set aside, and the one before it counts. */
  async read(id: string): Promise<JobRecord | undefined> {
    for (const revision of await this.#revisions.of(id)) {
      if (this.#untouchable.has(`${id}.${revision}`)) return undefined;
      const path = this.#revisions.path(id, revision);
      let read = await this.#parse(path);
      if (read?.kind === 'damaged') {
        // Where files cannot be linked a record may be seen half-written for a moment.
        await this.#clock.wait(100);
        read = await this.#parse(path);
      }
      // Replaced by a higher one meanwhile: begin again.
      if (!read) return this.read(id);
      if (read.kind === 'job' && read.job.id === id) return { ...read.job, revision };
      if (read.kind === 'newer') {
        this.#untouchable.add(`${id}.${revision}`);
        this.#log.info(`Job ${id} was written by a later version of the extension and is left alone`);
        return undefined;
      }
      this.#log.error(
        `The record of job ${id} is damaged; it is set aside as ${id}.${revision}.json.damaged`,
      );
      await this.#disk.move(path, `${path}.damaged`);
    }
    return undefined;
  }

  /** Writes this revision if nobody did before; see {@link Revisions.write} for what false means. */
  write(job: JobRecord): Promise<boolean> {
    return this.#revisions.write(job.id, job.revision, serializeRecord(job));
  }

  /** Removes this revision and no other. */
  remove(job: JobRecord): Promise<void> {
    return this.#disk.remove(this.path(job));
  }

  /** Leaves this revision as the only one. */
  async removeBelow({ id, revision }: JobRecord): Promise<void> {
    await this.#revisions.removeBelow(id, revision);
  }

  async #parse(path: string): Promise<ReadRecord | undefined> {
    const text = await this.#disk.read(path);
    return text === undefined ? undefined : parseRecord(text);
  }
}
