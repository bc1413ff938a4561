import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { phases, type Phase } from '../shared/phase.ts';
import type { Disk } from './disk.ts';

/** How often a window with jobs sends a heartbeat and checks the others. */
export const heartbeatInterval = 4_000;
/** A window is considered gone after this many checks without a new heartbeat, at most 20 s after its last one. */
const missedHeartbeats = 4;

/** The process that a window runs in. */
export interface ThisProcess {
  /** Where the process ID is valid: the machine, and the process namespace if there is one. */
  readonly home: string;
  readonly pid: number;
  isRunning(pid: number): boolean;
}

/** The same format that 0.1.0 writes and reads. */
const noteSchema = v.object({
  schema: v.literal(1),
  home: v.string(),
  pid: v.number(),
  beat: v.string(),
  /** By job ID. */
  progress: v.record(v.string(), v.object({ phase: v.string() })),
});
type Note = v.InferOutput<typeof noteSchema>;

interface OtherWindow {
  readonly note: Note;
  /** Checks in a row without a new heartbeat. */
  unchanged: number;
}

/**
 * Tracks which windows are alive and how far along their jobs are. Each window with jobs has one small file, which it
 * rewrites with each heartbeat. Whether a window is gone depends on the number of checks without a new heartbeat, not
 * on clocks, so clock jumps and suspended computers don't matter. A mistake only causes repeated work (revisions.ts).
 */
export class Heartbeat {
  readonly id: string;
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #process: ThisProcess;
  readonly #others = new Map<string, OtherWindow>();
  #sent = 0;
  #isHere = false;
  #last: Promise<void> = Promise.resolve();

  constructor(disk: Disk, folder: string, id: string, process: ThisProcess) {
    this.#disk = disk;
    this.#folder = folder;
    this.id = id;
    this.#process = process;
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  /** Sends a heartbeat. From the first one on, other windows leave this window's jobs alone. */
  send(jobs: Readonly<Record<string, Phase>> = {}): Promise<void> {
    return this.#inOrder(async () => {
      this.#isHere = true;
      const progress = Object.entries(jobs).map(([id, phase]) => [id, { phase }] as const);
      const note: Note = {
        schema: 1,
        home: this.#process.home,
        pid: this.#process.pid,
        beat: String(++this.#sent),
        progress: Object.fromEntries(progress),
      };
      await this.#disk.replace(this.#path(this.id), JSON.stringify(note));
    });
  }

  /** Immediately releases this window's jobs to other windows. */
  leave(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.#isHere) return;
      this.#isHere = false;
      await this.#disk.remove(this.#path(this.id));
    });
  }

  /** Checks the other windows. Call this every `heartbeatInterval` while there is work. */
  async check(): Promise<void> {
    const files = await this.#disk.list(this.#folder);
    const ids = files.filter(file => file.endsWith('.json')).map(file => file.slice(0, -'.json'.length));
    for (const id of this.#others.keys()) if (!ids.includes(id)) this.#others.delete(id);
    for (const id of ids) {
      if (id === this.id) continue;
      const before = this.#others.get(id);
      const after = await this.#read(id);
      if (before && after === before) after.unchanged++;
      if (!after || !this.#seemsAlive(after)) {
        this.#others.delete(id);
        await this.#disk.remove(this.#path(id));
      }
    }
  }

  async isAlive(id: string): Promise<boolean> {
    if (id === this.id) return this.#isHere;
    const other = await this.#read(id);
    return other !== undefined && this.#seemsAlive(other);
  }

  /** The phase that another window reports for a job. */
  phaseOf(window: string, job: string): Phase | undefined {
    const phase = this.#others.get(window)?.note.progress[job]?.phase;
    return phases.find(each => each === phase);
  }

  /** Runs actions in order, so that an earlier `leave` can't remove a later heartbeat. */
  #inOrder(action: () => Promise<void>): Promise<void> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  #seemsAlive({ note, unchanged }: OtherWindow): boolean {
    if (unchanged >= missedHeartbeats) return false;
    return note.home !== this.#process.home || this.#process.isRunning(note.pid);
  }

  async #read(id: string): Promise<OtherWindow | undefined> {
    const text = await this.#disk.read(this.#path(id));
    const note = text === undefined ? undefined : parseNote(text);
    if (!note) return undefined;
    const known = this.#others.get(id);
    if (known?.note.beat === note.beat) return known;
    const other: OtherWindow = { note, unchanged: 0 };
    this.#others.set(id, other);
    return other;
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function parseNote(text: string): Note | undefined {
  try {
    const parsed = v.safeParse(noteSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Two containers may share a home folder and a host name, but not their process IDs. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

export const thisProcess = (): ThisProcess => ({
  home: `${hostname()} ${processNamespace()}`,
  pid: process.pid,
  isRunning(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // Any other error means that the process exists, although it may be another user's.
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  },
});
