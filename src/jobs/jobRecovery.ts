import type { Disk } from './disk.ts';
import { heartbeatInterval, type Heartbeat } from './heartbeat.ts';
import { isActive, type JobRecord } from './job.ts';
import type { JobRunner } from './jobRunner.ts';
import type { JobStore } from './jobStore.ts';
import { eachOf } from './limiter.ts';
import type { Clock, Log, RemoteFiles } from './ports.ts';

export interface JobRecoveryOptions {
  readonly store: JobStore;
  readonly heartbeat: Heartbeat;
  readonly runner: JobRunner;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly remoteFiles: RemoteFiles;
  /** Called when the progress that other windows report may have changed. */
  readonly onOtherProgress: () => void;
}

const debounceMs = 50;

/**
 * Makes sure that every job has a window that works on it. While there are unfinished jobs, their folder is watched.
 * While there is work, this window sends heartbeats and checks other windows. Otherwise, nothing runs.
 */
export class JobRecovery {
  readonly #options: JobRecoveryOptions;
  readonly #closing = new AbortController();
  #watcher: { dispose(): void } | undefined;
  #loop: Promise<void> | undefined;
  #soon: Promise<void> | undefined;
  #recovering: Promise<void> = Promise.resolve();

  constructor(options: JobRecoveryOptions) {
    this.#options = options;
    options.store.onDidChange(() => this.adjust());
  }

  /** Starts or stops watching and heartbeats as needed. Cheap. */
  adjust(): void {
    if (this.#closing.signal.aborted) return;
    const { store, disk } = this.#options;
    if (store.unfinished.length === 0) this.#unwatch();
    else this.#watcher ??= disk.watch(store.watchedFolder, () => this.#checkSoon());
    if (this.#isNeeded())
      this.#loop ??= this.#keepChecking().finally(() => {
        this.#loop = undefined;
        // A job may have been added in the meantime.
        this.adjust();
      });
  }

  /** Call this when the watched folder may have been deleted and recreated. */
  rewatch(): void {
    this.#unwatch();
    this.adjust();
  }

  /** Reads changes and takes over jobs that no window works on. */
  async check(): Promise<void> {
    await this.#options.store.refresh();
    this.adjust();
    await this.recover();
  }

  /** Takes over jobs that no window works on. Runs one pass at a time, because two would take each other's jobs. */
  recover(): Promise<void> {
    const pass = this.#recovering.then(() => this.#recoverOnce());
    this.#recovering = pass.catch(() => {});
    return pass;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#unwatch();
    await Promise.allSettled([this.#loop, this.#recovering]);
  }

  #isNeeded(): boolean {
    const { runner, store } = this.#options;
    const hasWork = store.unfinished.some(job => isActive(job) && !job.blocked);
    return runner.isWorking || hasWork || store.isUsedByOldWindow;
  }

  async #recoverOnce(): Promise<void> {
    const { store, heartbeat, runner } = this.#options;
    const jobs = store.unfinished.filter(job => runner.canTake(job) && this.#canAccess(job));
    const alive = new Set<string>();
    // A job that this window owns but doesn't work on is free, too.
    for (const window of new Set(jobs.map(({ owner }) => owner?.window)))
      if (window !== undefined && window !== heartbeat.id && (await heartbeat.isAlive(window)))
        alive.add(window);
    const free = jobs.filter(({ owner }) => !owner || !alive.has(owner.window));
    if (free.length === 0 || this.#closing.signal.aborted) return;
    if (!heartbeat.isHere) await heartbeat.send();
    await eachOf(
      free.toSorted((a, b) => a.createdAt - b.createdAt),
      job => runner.take(job.id, job.owner),
    );
  }

  #canAccess({ request, phase, stopRequested }: JobRecord): boolean {
    if (stopRequested) return true;
    const inputs = Object.values(request.inputs).flatMap(source =>
      source.kind === 'file' ? [source.uri] : [],
    );
    return [request.folder, ...(phase === 'queued' ? inputs : [])].every(
      uri => uri.startsWith('file:') || this.#options.remoteFiles.reaches(uri),
    );
  }

  async #keepChecking(): Promise<void> {
    const { heartbeat, runner, clock, log, onOtherProgress } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted && this.#isNeeded()) {
      try {
        if (runner.isWorking) await heartbeat.send(runner.phases);
        await heartbeat.check();
        await this.check();
        onOtherProgress();
      } catch (error) {
        if (!signal.aborted) log.warn(`Couldn't check the jobs, trying again: ${String(error)}`);
      }
      await clock.wait(heartbeatInterval, signal).catch(() => {});
    }
    if (!signal.aborted) await heartbeat.leave().catch((error: unknown) => log.warn(String(error)));
  }

  #checkSoon(): void {
    if (this.#soon) return;
    const { clock, log } = this.#options;
    const { signal } = this.#closing;
    this.#soon = clock
      .wait(debounceMs, signal)
      .finally(() => {
        this.#soon = undefined;
      })
      .then(() => this.check())
      .catch((error: unknown) => {
        if (!signal.aborted) log.warn(String(error));
      });
  }

  #unwatch(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }
}
