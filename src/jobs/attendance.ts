import type { Disk } from './disk.ts';
import { isAtWork } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Clock, Log, RemoteFiles } from './ports.ts';
import { beatEvery, type Presence } from './presence.ts';
import type { JobRecord } from './record.ts';
import type { Runner } from './runner.ts';
import type { Slots } from './slots.ts';

export interface AttendanceParts {
  readonly ledger: Ledger;
  readonly presence: Presence;
  readonly slots: Slots;
  readonly runner: Runner;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly remoteFiles: RemoteFiles;
  /** What other windows told of their progress may have changed. */
  readonly onNews: () => void;
}

/** Changes that come together are looked at together. */
const gather = 50;
/** Jobs taken at the same time. */
const width = 16;

/**
 * Sees to it that every job has a window that works on it. While there are unfinished jobs the folders are watched;
 * while there is work, this window says regularly that it is alive and looks after the others. Otherwise nothing runs.
 */
export class Attendance {
  readonly #parts: AttendanceParts;
  readonly #closing = new AbortController();
  #watchers: { dispose(): void }[] = [];
  #beating: Promise<void> | undefined;
  #isGathering = false;
  #adopting: Promise<void> | undefined;
  #adoptAgain = false;

  constructor(parts: AttendanceParts) {
    this.#parts = parts;
    parts.ledger.onDidChange(() => this.attend());
  }

  /** Starts or ends watching and beating, as the jobs ask for. Cheap. */
  attend(): void {
    if (this.#closing.signal.aborted) return;
    const { ledger, disk, slots } = this.#parts;
    if (ledger.size === 0) this.#stopWatching();
    else if (this.#watchers.length === 0) {
      const onLedger = (file: string | undefined) => {
        if (file === undefined || ledger.isNews(file)) this.#gather();
      };
      this.#watchers = [disk.watch(ledger.folder, onLedger), disk.watch(slots.folder, () => slots.nudge())];
    }
    if (this.#isNeeded())
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
        // A job may have come at the last moment.
        this.attend();
      });
  }

  /** Looks what is new and takes what nobody works on. */
  async look(): Promise<void> {
    await this.#parts.ledger.refresh();
    this.attend();
    await this.adopt();
  }

  /** Takes the jobs that nobody works on. One pass at a time; what comes meanwhile is seen to after it. */
  adopt(): Promise<void> {
    this.#adoptAgain = true;
    this.#adopting ??= (async () => {
      while (this.#adoptAgain && !this.#closing.signal.aborted) {
        this.#adoptAgain = false;
        await this.#adoptOnce();
      }
    })().finally(() => {
      this.#adopting = undefined;
    });
    return this.#adopting;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopWatching();
    await Promise.allSettled([this.#beating, this.#adopting]);
  }

  #isNeeded(): boolean {
    return (
      this.#parts.runner.isWorking || [...this.#parts.ledger.open].some(job => isAtWork(job) && !job.blocked)
    );
  }

  async #adoptOnce(): Promise<void> {
    const { ledger, presence, runner } = this.#parts;
    const alive = new Map<string, Promise<boolean>>();
    const isAlive = (window: string) => {
      const known = alive.get(window) ?? presence.isAlive(window);
      alive.set(window, known);
      return known;
    };
    const orphans: JobRecord[] = [];
    for (const job of ledger.open) {
      if (!runner.mayTake(job) || !this.#reaches(job)) continue;
      // A job of our own that nobody here works on is an orphan too.
      const isTended = job.owner && job.owner.window !== presence.id && (await isAlive(job.owner.window));
      if (!isTended) orphans.push(job);
    }
    if (orphans.length === 0) return;
    if (!presence.isHere) await presence.beat();
    orphans.sort((a, b) => a.createdAt - b.createdAt);
    for (let from = 0; from < orphans.length; from += width)
      await Promise.all(orphans.slice(from, from + width).map(job => runner.take(job.id, job.owner)));
  }

  #reaches({ request, phase }: JobRecord): boolean {
    const isBeforeCreate = phase === 'queued';
    const inputs = Object.values(request.inputs).flatMap(source =>
      source.kind === 'file' ? [source.uri] : [],
    );
    return [request.folder, ...(isBeforeCreate ? inputs : [])].every(
      uri => uri.startsWith('file:') || this.#parts.remoteFiles.reaches(uri),
    );
  }

  async #beat(): Promise<void> {
    const { presence, slots, runner, clock, log, onNews } = this.#parts;
    const { signal } = this.#closing;
    while (!signal.aborted && this.#isNeeded()) {
      try {
        if (runner.isWorking) await presence.beat(runner.progress);
        await presence.look();
        await this.look();
        slots.nudge();
        onNews();
      } catch (error) {
        if (!signal.aborted) log.warn(`Looking after the jobs failed, and is done again: ${String(error)}`);
      }
      await clock.wait(beatEvery, signal).catch(() => {});
    }
    if (!signal.aborted) await presence.leave().catch((error: unknown) => log.warn(String(error)));
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { clock, log } = this.#parts;
    void clock
      .wait(gather, this.#closing.signal)
      .then(() => {
        this.#isGathering = false;
        return this.look();
      })
      .catch((error: unknown) => {
        this.#isGathering = false;
        if (!this.#closing.signal.aborted) log.warn(String(error));
      });
  }

  #stopWatching(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = [];
  }
}
