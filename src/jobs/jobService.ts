import { join } from 'node:path';
import * as v from 'valibot';
import { HumanError } from '../shared/message.ts';
import { toolOf } from '../tools/index.ts';
import { AgentBudget } from './agentBudget.ts';
import type { Disk } from './disk.ts';
import { isDiskFull } from './failures.ts';
import { Heartbeat, thisProcess, type ThisProcess } from './heartbeat.ts';
import {
  isActive,
  isEnded,
  isRemoved,
  newJobId,
  randomMark,
  type Job,
  type JobRecord,
  type JobRequest,
  type JobView,
  type UnknownAnswer,
} from './job.ts';
import { JobRecovery } from './jobRecovery.ts';
import { JobRunner } from './jobRunner.ts';
import { JobStore, LostOwnershipError, type NewJob } from './jobStore.ts';
import { nodeDisk } from './nodeDisk.ts';
import type { JobPorts } from './ports.ts';
import { requestSchema } from './record.ts';
import { isUsableFolder } from './resultWriter.ts';
import { RunTimes } from './runTimes.ts';
import { ImpossibleEvent, projectsOf, transition, type JobEvent } from './transitions.ts';

type Listener = (job: JobView | undefined) => void;

export interface SubmitOptions {
  /** Credits that agents may spend per day on this machine. Set only if an agent submits the jobs. */
  readonly agentDailyLimit?: number;
}

/** Replaced in tests. */
export interface Environment {
  readonly disk: Disk;
  readonly process: ThisProcess;
}

/**
 * All jobs on this machine, regardless of which window works on them. Views listen for changes, and every action goes
 * through this class. Jobs are read at the first `refresh`, and nothing runs while there's nothing to do.
 */
export class JobService {
  readonly #ports: JobPorts;
  readonly #store: JobStore;
  readonly #heartbeat: Heartbeat;
  readonly #runner: JobRunner;
  readonly #recovery: JobRecovery;
  readonly #budget: AgentBudget;
  readonly #listeners = new Set<Listener>();
  #starting: Promise<void> | undefined;
  #tidying: Promise<void> | undefined;
  #isDisposed = false;

  /** @param storage a folder that all windows of this machine share */
  constructor(ports: JobPorts, storage: string, environment?: Environment) {
    const { disk, process } = environment ?? { disk: nodeDisk, process: thisProcess() };
    const folder = join(storage, 'jobs');
    this.#ports = ports;
    const { clock, log } = ports;
    const window = newJobId(clock);
    const heartbeat = new Heartbeat(disk, join(folder, 'windows'), window, process);
    const store = new JobStore({
      disk,
      folder,
      clock,
      log,
      window,
      isAlive: other => heartbeat.isAlive(other),
      onRestored: () => {
        this.#recovery.rewatch();
        ports.notify?.({ key: 'store.restored' });
      },
    });
    const runTimes = new RunTimes(disk, join(folder, 'run-times.json'));
    const context = { ...ports, disk, store, runTimes, partialDownloads: join(folder, 'parts') };
    const runner = new JobRunner(window, context, {
      onProgress: id => this.#tell(this.get(id)),
      onDone: id => this.#onDone(id),
    });
    const onOtherProgress = () => this.#tellOfOthers();
    this.#recovery = new JobRecovery({ ...context, heartbeat, runner, onOtherProgress });
    this.#budget = new AgentBudget(disk, join(folder, 'agents'), store, clock);
    this.#heartbeat = heartbeat;
    this.#store = store;
    this.#runner = runner;
    store.onDidChange(job => this.#tell(job && this.#view(job)));
  }

  /** Unfinished jobs and those that ended while this window was open, newest first. */
  get current(): readonly JobView[] {
    return [...this.#store.known]
      .map(job => this.#view(job))
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  }

  get(id: string): JobView | undefined {
    const job = this.#store.get(id);
    return job && this.#view(job);
  }

  /** Any recorded job, read from disk if it isn't in memory. */
  async find(id: string): Promise<JobView | undefined> {
    const job = await this.#store.find(id);
    return job && !isRemoved(job) ? this.#view(job) : undefined;
  }

  /** All jobs, including ended ones, read from disk, newest first. */
  async history(): Promise<readonly Job[]> {
    return (await this.#store.all()).filter(job => !isRemoved(job));
  }

  /** Calls `listener` with the job that changed, or with undefined if several did. Dispose to stop listening. */
  onDidChange(listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /**
   * Stores all of the jobs or none, and starts them. Resolves once the jobs are on disk. Until then, files may be
   * checked and uploaded, but no create request is sent.
   */
  async submit(
    requests: readonly JobRequest[],
    { agentDailyLimit }: SubmitOptions = {},
  ): Promise<readonly JobView[]> {
    if (this.#isDisposed) throw new Error('This window is closed');
    if (!requests.every(request => v.is(requestSchema, request) && isUsableFolder(request.folder)))
      throw new HumanError('store.invalidRequest', undefined, { suggestedAction: 'showLog' });
    const jobs = this.#newJobs(requests);
    try {
      if (agentDailyLimit !== undefined) await this.#budget.reserve(jobs, agentDailyLimit);
      const { added, written } = this.#store.add(jobs, this.#heartbeat.send(this.#runner.phases));
      for (const job of added) this.#runner.start(job, written);
      await written;
    } catch (error) {
      if (error instanceof HumanError) throw error;
      if (agentDailyLimit !== undefined) await this.#budget.release(jobs).catch(this.#logError);
      const key = isDiskFull(error) ? 'store.full' : 'store.notWritable';
      throw new HumanError(key, undefined, { suggestedAction: 'showLog', cause: error });
    }
    this.#recovery.rewatch();
    return jobs.flatMap(({ id }) => this.get(id) ?? []);
  }

  /**
   * Stops a job. If the create request hasn't been sent yet, it won't be. Otherwise, only the waiting stops, and the
   * project continues on the server.
   */
  async stop(id: string): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#unlessGone(
      this.#store.update(id, job =>
        // A job that became `unknown` needs an answer: its create request may have been charged.
        isActive(job) && !job.stopRequested ? transition(job, { type: 'stopRequested' }, now) : job,
      ),
    );
    // If no window works on the job, this one stops it.
    await this.#recovery.recover();
  }

  /** Resumes a stopped or failed job whose project exists, at no charge. */
  async resume(id: string, into?: { readonly folder: string }): Promise<void> {
    await this.#decide(id, { type: 'resumed', folder: into?.folder });
  }

  /** Runs a job again if it was never created or its project failed, with a new approval and a new charge. */
  async retry(id: string): Promise<void> {
    await this.#decide(id, { type: 'retried' });
  }

  /** Records the user's answer to whether the create request of a job in the phase `unknown` succeeded. */
  async answer(id: string, answer: UnknownAnswer): Promise<void> {
    if (answer === 'createAgain') await this.#decide(id, { type: 'createAgain' });
    else if (answer === 'dismiss') await this.#decide(id, { type: 'dismissed' });
    else await this.#confirmCreate(id, answer.projectId);
  }

  /** Deletes the project on the server for good; saved files stay. */
  async deleteOnServer(id: string): Promise<void> {
    const { projectId, request } = (await this.find(id)) ?? {};
    if (projectId === undefined || !request) throw new HumanError('job.changed');
    const api = await this.#ports.api();
    await api.deleteProject(toolOf(request.tool).project, projectId);
    await this.#unlessGone(
      this.#store.update(id, job =>
        // Another window may have created the job again in the meantime, and that project still exists.
        job.projectId === projectId
          ? transition(job, { type: 'deletedOnServer' }, this.#ports.clock.now())
          : job,
      ),
    );
    await this.#recovery.recover();
  }

  /** Removes an ended job from the list. */
  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
  }

  /** Continues blocked jobs after the user has entered a key. */
  async unblock(): Promise<void> {
    await this.refresh();
    await this.#unblock();
  }

  /** Reads changes from other windows and takes over jobs that no window is working on. Cheap. */
  async refresh(): Promise<void> {
    if (this.#isDisposed) return;
    await this.#recovery.check();
    this.#starting ??= this.#unblockIfKeyWorks().catch(this.#logError);
    await this.#starting;
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#listeners.clear();
    await this.#recovery.close();
    await this.#runner.close();
    await this.#tidying;
    await this.#heartbeat.leave().catch(this.#logError);
  }

  #newJobs(requests: readonly JobRequest[]): NewJob[] {
    const { clock } = this.#ports;
    const batch = newJobId(clock);
    const now = clock.now();
    return requests.map((request, index) => ({
      id: requests.length === 1 ? batch : `${batch}-${String(index + 1).padStart(4, '0')}`,
      batch,
      createdAt: now,
      updatedAt: now,
      phase: 'queued',
      request,
      approval: 1,
      posts: 0,
      refusals: 0,
      results: [],
      owner: this.#runner.owner(randomMark(clock)),
    }));
  }

  /** Records the user's decision about a job that no window works on. */
  async #decide(id: string, event: JobEvent): Promise<void> {
    try {
      await this.#store.update(id, job => transition(job, event, this.#ports.clock.now()));
    } catch (error) {
      if (!(error instanceof LostOwnershipError || error instanceof ImpossibleEvent)) throw error;
      // The user acted on an outdated state.
      await this.#recovery.check();
      throw new HumanError('job.changed', undefined, { cause: error });
    }
    await this.#recovery.check();
  }

  async #confirmCreate(id: string, projectId: string): Promise<void> {
    const job = this.#store.get(id);
    if (job?.phase !== 'unknown') throw new HumanError('job.changed');
    const isOthers = (await this.#store.all()).some(
      other => other.id !== id && projectsOf(other).includes(projectId),
    );
    if (isOthers) throw new HumanError('answer.otherJob', undefined, { suggestedAction: 'openLibrary' });
    const api = await this.#ports.api();
    const project = await api.project(toolOf(job.request.tool).project, projectId);
    if (!project.enabled)
      throw new HumanError('answer.deleted', undefined, { suggestedAction: 'openLibrary' });
    await this.#decide(id, { type: 'createConfirmed', projectId, credits: project.creditsCharged });
  }

  /** A new window may have a key, or access to one, that the previous window didn't have. */
  async #unblockIfKeyWorks(): Promise<void> {
    if (!this.#store.unfinished.some(job => job.blocked)) return;
    const hasKey = await this.#ports.api().then(
      () => true,
      () => false,
    );
    if (hasKey) await this.#unblock();
  }

  async #unblock(): Promise<void> {
    const blocked = this.#store.unfinished.filter(job => job.blocked);
    const now = this.#ports.clock.now();
    await Promise.all(
      blocked.map(({ id }) =>
        this.#unlessGone(
          this.#store.update(id, job => (job.blocked ? transition(job, { type: 'unblocked' }, now) : job)),
        ),
      ),
    );
    await this.#recovery.check();
  }

  async #unlessGone(update: Promise<unknown>): Promise<void> {
    await update.catch((error: unknown) => {
      if (!(error instanceof LostOwnershipError)) throw error;
    });
  }

  #onDone(id: string): void {
    if (this.#isDisposed) return;
    const job = this.#store.get(id);
    if (!job) return;
    this.#tell(this.#view(job));
    // The job may have been resumed before its previous run ended.
    if (isActive(job)) void this.#recovery.recover().catch(this.#logError);
    // Once per window is enough, and not at startup.
    if (isEnded(job)) this.#tidying ??= this.#store.tidy().catch(this.#logError);
  }

  readonly #logError = (error: unknown): void => {
    this.#ports.log.error(error instanceof Error ? error : String(error));
  };

  #view(record: JobRecord): JobView {
    const job = this.#runner.has(record.id) ? { ...record, isHere: true as const } : record;
    if (!job.owner) return job;
    const progress = this.#runner.progressOf(job.id);
    if (progress) return { ...job, phase: progress.phase, progress };
    return { ...job, phase: this.#heartbeat.phaseOf(job.owner.window, job.id) ?? job.phase };
  }

  #tell(job: JobView | undefined): void {
    for (const listener of this.#listeners) {
      try {
        listener(job);
      } catch (error) {
        this.#logError(error);
      }
    }
  }

  #tellOfOthers(): void {
    if (this.#store.unfinished.some(({ owner }) => owner && owner.window !== this.#heartbeat.id))
      this.#tell(undefined);
  }
}
