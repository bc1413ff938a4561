import { join } from 'node:path';
import { ApiError } from '../api/errors.ts';
import { HumanError } from '../shared/message.ts';
import { toolOf } from '../tools/index.ts';
import { Attendance } from './attendance.ts';
import type { Disk } from './disk.ts';
import { newJobId } from './endedJobs.ts';
import { isAtWork, isEnded, type Job, type JobRequest, type JobView } from './job.ts';
import type { Jobs, UnknownAnswer } from './jobs.ts';
import { Ledger, NotMine } from './ledger.ts';
import { ImpossibleEvent, transition, type JobEvent } from './machine.ts';
import { Poller } from './poller.ts';
import type { JobPorts } from './ports.ts';
import { Presence, type ThisProcess } from './presence.ts';
import type { JobRecord } from './record.ts';
import { atRest } from './recorder.ts';
import { Runner } from './runner.ts';
import { RunTimes } from './runTimes.ts';
import { Slots } from './slots.ts';
import { writeNewJobs } from './newJobs.ts';

type Listener = (job: JobView | undefined) => void;

/** Where jobs are handed in, looked at and decided on, in one window. */
export class JobDesk implements Jobs {
  readonly #ports: JobPorts;
  readonly #ledger: Ledger;
  readonly #presence: Presence;
  readonly #runner: Runner;
  readonly #attendance: Attendance;
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
      throw new HumanError('ledger.notWritable', undefined, { remedy: 'showLog', cause: error });
    });
    for (const job of jobs) this.#runner.start(job);
    this.#attendance.attend();
    return jobs.map(job => this.#view(job));
  }

  async stop(id: string): Promise<void> {
    const now = this.#ports.clock.now();
    try {
      const known = this.#ledger.get(id);
      const isTended = known?.owner !== undefined && (await this.#presence.isAlive(known.owner.window));
      await this.#ledger.update(id, job => {
        // What has become a question meanwhile wants an answer: its create may have been paid for.
        if (!isAtWork(job) || job.stopRequested) return job;
        if (job.owner && isTended) return transition(job, { type: 'stopRequested' }, now);
        // A create was under way in a window that is gone: whether something was made must be asked.
        if (job.phase === 'creating') return atRest(transition(job, { type: 'answerLost' }, now));
        return atRest(transition(job, { type: 'stopped' }, now));
      });
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof NotMine)) throw error;
    }
  }

  async resume(id: string, into?: { readonly folder: string }): Promise<void> {
    await this.#reopen(id, { type: 'resumed', folder: into?.folder });
  }

  async retry(id: string): Promise<void> {
    await this.#reopen(id, { type: 'retried' });
  }

  async answer(id: string, answer: UnknownAnswer): Promise<void> {
    if (typeof answer === 'object') await this.#madeAfterAll(id, answer.made);
    else await this.#decide(id, { type: answer === 'createAgain' ? 'createAgain' : 'givenUp' });
  }

  async deleteOnServer(id: string): Promise<void> {
    const job = await this.find(id);
    if (!job?.projectId) throw new HumanError('act.tooLate');
    const api = await this.#ports.api();
    await api.deleteProject(toolOf(job.request.tool).project, job.projectId).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.details.status !== 404) throw error;
    });
    const now = this.#ports.clock.now();
    const change = (latest: JobRecord) => atRest(transition(latest, { type: 'deletedOnServer' }, now));
    try {
      await this.#ledger.update(id, change);
    } catch (error) {
      if (!(error instanceof NotMine)) throw error;
      await this.#ledger.amend(id, change);
    }
  }

  async remove(id: string): Promise<void> {
    await this.#ledger.remove(id);
  }

  async unblock(): Promise<void> {
    await this.refresh();
    const now = this.#ports.clock.now();
    const blocked = [...this.#ledger.open].filter(job => job.blocked);
    await Promise.all(
      blocked.map(({ id }) =>
        this.#ledger
          .update(id, job => (job.blocked ? transition(job, { type: 'unblocked' }, now) : job))
          .catch((error: unknown) => {
            if (!(error instanceof NotMine)) throw error;
          }),
      ),
    );
    await this.#attendance.look();
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

  async #madeAfterAll(id: string, projectId: string): Promise<void> {
    const job = this.#ledger.get(id);
    if (job?.phase !== 'unknown') throw new HumanError('act.tooLate');
    const isOthers = [...this.#ledger.open, ...this.#ledger.seenEnd].some(
      other => other.id !== id && other.projectId === projectId,
    );
    if (isOthers) throw new HumanError('answer.otherJob', undefined, { remedy: 'openLibrary' });
    const api = await this.#ports.api();
    const project = await api.project(toolOf(job.request.tool).project, projectId);
    if (!project.enabled) throw new HumanError('answer.deleted', undefined, { remedy: 'openLibrary' });
    await this.#decide(id, { type: 'madeAfterAll', projectId, credits: project.creditsCharged });
  }

  /** An answer to a job that nobody works on. */
  async #decide(id: string, event: JobEvent): Promise<void> {
    await this.#inTime(
      this.#ledger.update(id, job => {
        if (job.phase !== 'unknown') throw new ImpossibleEvent(job, event);
        return transition(job, event, this.#ports.clock.now());
      }),
    );
    await this.#attendance.look();
  }

  async #reopen(id: string, event: JobEvent): Promise<void> {
    await this.#inTime(this.#ledger.reopen(id, job => transition(job, event, this.#ports.clock.now())));
    await this.#attendance.look();
  }

  /** The person looked at something that has changed since. */
  async #inTime(act: Promise<unknown>): Promise<void> {
    try {
      await act;
    } catch (error) {
      if (!(error instanceof NotMine || error instanceof ImpossibleEvent)) throw error;
      await this.refresh();
      throw new HumanError('act.tooLate', undefined, { cause: error });
    }
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
