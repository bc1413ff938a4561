import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { Log } from './ports.ts';
import type { Disk } from './disk.ts';
import type { Presence } from './presence.ts';
import { Revisions } from './revisions.ts';

/** Whose turn it is: downloads first (they end a job), then the oldest. */
export interface Turn {
  readonly download: boolean;
  readonly createdAt: number;
}

const turnSchema = v.object({ download: v.boolean(), createdAt: v.number() });
const tableSchema = v.record(
  v.string(),
  v.object({ held: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), front: v.optional(turnSchema) }),
);
/** By window: slots it holds, and the first of its jobs that waits for one. */
type Table = v.InferOutput<typeof tableSchema>;

interface Waiting extends Turn {
  readonly grant: () => void;
}

const name = 'slots';
const comesBefore = (a: Turn, b: Turn): boolean =>
  a.download === b.download ? a.createdAt < b.createdAt : a.download;

/**
 * The limit on jobs that check, upload, create or download at the same time, shared by all windows. Waiting for the
 * cloud needs no slot. First come, first served, across windows too.
 */
export class Slots {
  readonly #records: Revisions;
  readonly #disk: Disk;
  readonly #presence: Presence;
  readonly #limit: () => number;
  readonly #log: Log;
  readonly #waiting: Waiting[] = [];
  #held = 0;
  /** Do other windows hold slots or wait for one, as far as we know? */
  #isShared = true;
  #settling: Promise<void> | undefined;
  #settleAgain = false;
  #isClosed = false;

  constructor(disk: Disk, folder: string, presence: Presence, limit: () => number, log: Log) {
    this.#disk = disk;
    this.#records = new Revisions(disk, folder, { durable: false });
    this.#presence = presence;
    this.#limit = limit;
    this.#log = log;
  }

  get folder(): string {
    return this.#records.folder;
  }

  /** Runs `work` once a slot is free. */
  async hold<T>(turn: Turn, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#acquire(turn, signal);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  /** Somebody else may have freed a slot. */
  nudge(): void {
    if (this.#waiting.length > 0) this.#settleSoon();
  }

  /** What this window holds is free for others once it has left (presence.ts). */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#settling;
  }

  #acquire(turn: Turn, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        reject(signal.reason as Error);
        this.#settleSoon();
      };
      const waiting: Waiting = {
        ...turn,
        grant: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const before = this.#waiting.findIndex(other => comesBefore(turn, other));
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, waiting);
      this.#settleSoon();
    });
  }

  #release(): void {
    // Nobody else wants one: hand it on without asking the disk.
    if (!this.#isShared && this.#held <= this.#limit() && this.#waiting.length > 0) {
      this.#waiting.shift()?.grant();
      return;
    }
    this.#held--;
    this.#settleSoon();
  }

  /** One settlement at a time; what happens meanwhile is settled after it. */
  #settleSoon(): void {
    this.#settleAgain = true;
    if (this.#isClosed) return;
    this.#settling ??= this.#settleWhileNeeded().finally(() => {
      this.#settling = undefined;
    });
  }

  async #settleWhileNeeded(): Promise<void> {
    try {
      while (this.#settleAgain && !this.#isClosed) {
        this.#settleAgain = false;
        await this.#settle();
      }
    } catch (error) {
      // The next look tries again.
      this.#log.warn(`The table of slots cannot be written: ${String(error)}`);
    }
  }

  async #settle(): Promise<void> {
    await this.#disk.makeFolder(this.#records.folder);
    for (;;) {
      const { revision, table } = await this.#read();
      const others = Object.entries(table).filter(([window]) => window !== this.#presence.id);
      this.#isShared = others.length > 0;
      const free = this.#limit() - others.reduce((sum, [, { held }]) => sum + held, 0);
      const isOurs = (turn: Turn) => !others.some(([, { front }]) => front && comesBefore(front, turn));
      const granted: Waiting[] = [];
      for (const waiting of this.#waiting) {
        if (this.#held + granted.length >= free || !isOurs(waiting)) break;
        granted.push(waiting);
      }
      const first = this.#waiting[granted.length];
      const held = this.#held + granted.length;
      const front = first && { download: first.download, createdAt: first.createdAt };
      const next: Table = Object.fromEntries(others);
      if (held > 0 || front) next[this.#presence.id] = front ? { held, front } : { held };
      if (granted.length === 0 && isDeepStrictEqual(next[this.#presence.id], table[this.#presence.id]))
        return;
      if (await this.#records.write(name, revision + 1, JSON.stringify(next))) {
        for (const waiting of granted) {
          const at = this.#waiting.indexOf(waiting);
          // Given up while we wrote: the slot is given back by the settlement that follows.
          if (at < 0) continue;
          this.#waiting.splice(at, 1);
          this.#held++;
          waiting.grant();
        }
        return;
      }
    }
  }

  async #read(): Promise<{ revision: number; table: Table }> {
    const [revision = -1] = await this.#records.of(name);
    const text = revision < 0 ? undefined : await this.#disk.read(this.#records.path(name, revision));
    const table = readTable(text);
    for (const window of Object.keys(table))
      if (!(await this.#presence.isAlive(window))) delete table[window];
    return { revision, table };
  }
}

/** A table that cannot be read is begun anew: it holds nothing that is worth more than a moment. */
function readTable(text: string | undefined): Table {
  try {
    const parsed = v.safeParse(tableSchema, JSON.parse(text ?? '{}'));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}
