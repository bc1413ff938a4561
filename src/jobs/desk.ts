import { join } from 'node:path';
import { HumanError } from '../shared/message.ts';
import { Attendance } from './attendance.ts';
import { Decisions } from './decisions.ts';
import type { Disk } from './disk.ts';
import { newJobId } from './endedJobs.ts';
import { isAtWork, isEnded, type Job, type JobRequest, type JobView } from './job.ts';
import type { Jobs, UnknownAnswer } from './jobs.ts';
import { Ledger } from './ledger.ts';
import { writeNewJobs } from './newJobs.ts';
import { Poller } from './poller.ts';
import type { JobPorts } from './ports.ts';
import { Presence, type ThisProcess } from './presence.ts';
import type { JobRecord } from './record.ts';
import { Runner } from './runner.ts';
import { RunTimes } from './runTimes.ts';
import { Slots } from './slots.ts';

type Listener = (job: JobView | undefined) => void;

/** Where jobs are handed in, looked at and decided on, in one window. */
export class JobDesk implements Jobs {
  readonly #ports: JobPorts;
  readonly #ledger: Ledger;
  readonly #presence: Presence;
  readonly #runner: Runner;
  readonly #attendance: Attendance;
  readonly #decisions: Decisions;
  readonly #slots: Slots;
  readonly #listeners = new Set<Listener>();
  /** While many jobs are read, listeners are told once. */
  #reading = 0;
  #pruning: Promise<void> | undefined;
  #isDisposed = false;

  constructor(ports: JobPorts, folder: string, disk: Disk, process: ThisProcess) {
    this.#ports = ports;
    const { clock, log } = ports;
    const window = newJobId(clock);
    this.#ledger = new Ledger(disk, folder, clock, log);
    this.#presence = new Presence(disk, join(folder, 'windows'), window, process);
    this.#slots = new Slots(disk, join(folder, 'slots'), this.#presence, ports.maxConcurrentJobs, log);
    const shop = {
      ...ports,
      disk,
      poller: new Poller(clock),
      runTimes: new RunTimes(disk, join(folder, 'run-times.json')),
      parts: join(folder, 'parts'),
    };
    this.#runner = new Runner(window, this.#ledger, this.#slots, shop, {
      onProgress: id => this.#tell(this.get(id)),
      onDone: id => this.#onDone(id),
    });
    this.#attendance = new Attendance({
      ledger: this.#ledger,
      presence: this.#presence,
      slots: this.#slots,
      runner: this.#runner,
      disk,
      clock,
      log,
      remoteFiles: ports.remoteFiles,
      onNews: () => this.#tellOfOthers(),
    });
    this.#decisions = new Decisions({
      api: ports.api,
      clock,
      ledger: this.#ledger,
      presence: this.#presence,
      attendance: this.#attendance,
    });
    this.#ledger.onDidChange(job => this.#tell(job && this.#view(job)));
  }

  get current(): readonly JobView[] {
    return [...this.#ledger.open, ...this.#ledger.seenEnd]
      .map(job => this.#view(job))
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  }

  get(id: string): JobView | undefined {
    const job = this.#ledger.get(id);
    return job && this.#view(job);
  }

  async find(id: string): Promise<JobView | undefined> {
    if (!this.#ledger.get(id)) await this.#ledger.refresh();
    const job = this.#ledger.get(id) ?? (await this.#ledger.ended.read(id));
    return job && this.#view(job);
  }

  async history(): Promise<readonly Job[]> {
    await this.#ledger.refresh();
    return this.#ledger.history();
  }

  onDidChange(listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  async submit(requests: readonly JobRequest[]): Promise<readonly JobView[]> {
    if (this.#isDisposed) throw new Error('This window is closed');
    const jobs = await this.#write(requests).catch((error: unknown) => {
      throw new HumanError('ledger.notWritable', undefined, { suggestedAction: 'showLog', cause: error });
    });
    for (const job of jobs) this.#runner.start(job);
    this.#attendance.attend();
    return jobs.map(job => this.#view(job));
  }

  async stop(id: string): Promise<void> {
    await this.#decisions.stop(id);
  }

  async resume(id: string, into?: { readonly folder: string }): Promise<void> {
    await this.#decisions.reopen(id, { type: 'resumed', folder: into?.folder });
  }

  async retry(id: string): Promise<void> {
    await this.#decisions.reopen(id, { type: 'retried' });
  }

  async answer(id: string, answer: UnknownAnswer): Promise<void> {
    await this.#decisions.answer(id, answer);
  }

  async deleteOnServer(id: string): Promise<void> {
    const job = await this.find(id);
    if (!job) throw new HumanError('act.tooLate');
    await this.#decisions.deleteOnServer(job);
  }

  async remove(id: string): Promise<void> {
    await this.#ledger.remove(id);
  }

  async unblock(): Promise<void> {
    await this.refresh();
    await this.#decisions.unblock();
  }

  async refresh(): Promise<void> {
    if (this.#isDisposed) return;
    this.#reading++;
    try {
      await this.#attendance.look();
    } finally {
      this.#reading--;
      this.#tell(undefined);
    }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#listeners.clear();
    await this.#attendance.close();
    await this.#runner.close();
    await this.#slots.close();
    await this.#pruning;
    await this.#presence.leave();
  }

  async #write(requests: readonly JobRequest[]): Promise<readonly JobRecord[]> {
    await this.#presence.beat(this.#runner.progress);
    return await writeNewJobs(requests, {
      ledger: this.#ledger,
      clock: this.#ports.clock,
      owner: batch => this.#runner.owner(batch),
      takeBack: job => this.#takeBack(job).catch(this.#logError),
    });
  }

  /** What another window has gone on with is stopped, as a person would. */
  async #takeBack(job: JobRecord): Promise<void> {
    if (!(await this.#ledger.discard(job))) await this.stop(job.id);
  }

  #onDone(id: string): void {
    if (this.#isDisposed) return;
    const job = this.#ledger.get(id);
    if (job) this.#tell(this.#view(job));
    // Somebody may have set it going again while the work was being put away.
    if (job && isAtWork(job)) void this.#attendance.adopt().catch(this.#logError);
    // Once is enough, and never at the start.
    if (job && isEnded(job)) this.#pruning ??= this.#ledger.tidy().catch(this.#logError);
  }

  readonly #logError = (error: unknown): void => {
    this.#ports.log.error(error instanceof Error ? error : String(error));
  };

  #view(record: JobRecord): JobView {
    const job = this.#runner.has(record.id) ? { ...record, isHere: true as const } : record;
    if (!isAtWork(job) || job.blocked || !job.owner) return job;
    const progress = this.#runner.progressOf(job.id);
    if (progress) return { ...job, phase: progress.phase, progress };
    const elsewhere = this.#presence.progressOf(job.owner.window, job.id);
    return elsewhere && isAtWork(elsewhere) ? { ...job, phase: elsewhere.phase } : job;
  }

  #tell(job: JobView | undefined): void {
    if (this.#reading > 0 && job) return;
    for (const listener of this.#listeners) {
      try {
        listener(job);
      } catch (error) {
        this.#logError(error);
      }
    }
  }

  #tellOfOthers(): void {
    const hasOthers = [...this.#ledger.open].some(({ owner }) => owner && owner.window !== this.#presence.id);
    if (hasOthers) this.#tell(undefined);
  }
}
