import { join } from 'node:path';
import * as v from 'valibot';
import type { Phase } from '../shared/phase.ts';
import type { Disk } from './disk.ts';
import type { JobProgress } from './job.ts';

/** How often a window that works on jobs says that it is alive, and how often it looks after the others. */
export const beatEvery = 4_000;
/** Looks in a row that find no new beat before a window counts as gone: at most 20 s after its last beat. */
const missedBeats = 4;

/** The process a window runs in. */
export interface ThisProcess {
  /** Where the process number means something: machine, and process namespace where there are such. */
  readonly home: string;
  readonly pid: number;
  /** Is there such a process here? */
  isRunning(pid: number): boolean;
}

const noteSchema = v.object({
  schema: v.literal(1),
  home: v.string(),
  pid: v.number(),
  beat: v.string(),
  progress: v.record(
    v.string(),
    v.object({ phase: v.string(), fraction: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))) }),
  ),
});
type Note = v.InferOutput<typeof noteSchema>;

interface Neighbour {
  readonly note: Note;
  /** Looks in a row without a new beat. */
  unchanged: number;
}

/**
 * Which windows are alive, and how far each is with its jobs. One small file per window at work, rewritten on every
 * beat. Whether a window is gone is judged by counting our own looks, not by comparing clocks: a clock that jumps or
 * a laptop that slept misleads nobody. A wrong judgement would cost work, never correctness (revisions.ts).
 */
export class Presence {
  readonly id: string;
  readonly folder: string;
  readonly #disk: Disk;
  readonly #process: ThisProcess;
  readonly #neighbours = new Map<string, Neighbour>();
  #beats = 0;
  #isHere = false;
  #last: Promise<void> = Promise.resolve();

  constructor(disk: Disk, folder: string, id: string, process: ThisProcess) {
    this.#disk = disk;
    this.folder = folder;
    this.id = id;
    this.#process = process;
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  /** Says that this window is alive; others leave its jobs alone from now on. */
  beat(progress: Readonly<Record<string, JobProgress>> = {}): Promise<void> {
    return this.#inOrder(() => this.#beat(progress));
  }

  /** This window's jobs are free for others at once. */
  leave(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.#isHere) return;
      this.#isHere = false;
      await this.#disk.remove(this.#path(this.id));
    });
  }

  async #beat(progress: Readonly<Record<string, JobProgress>>): Promise<void> {
    if (!this.#isHere) await this.#disk.makeFolder(this.folder);
    this.#isHere = true;
    const brief = Object.entries(progress).map(
      ([id, { phase, fraction }]) => [id, { phase, fraction }] as const,
    );
    const note: Note = {
      schema: 1,
      home: this.#process.home,
      pid: this.#process.pid,
      beat: String(++this.#beats),
      progress: Object.fromEntries(brief),
    };
    await this.#disk.replace(this.#path(this.id), JSON.stringify(note));
  }

  /** A beat that follows a farewell must not be overtaken by it. */
  #inOrder(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Looks after the others; to be called every `beatEvery` while there is work. */
  async look(): Promise<void> {
    const files = await this.#disk.list(this.folder);
    const ids = files.filter(file => file.endsWith('.json')).map(file => file.slice(0, -'.json'.length));
    for (const id of this.#neighbours.keys()) if (!ids.includes(id)) this.#neighbours.delete(id);
    for (const id of ids) {
      if (id === this.id) continue;
      const before = this.#neighbours.get(id);
      const after = await this.#meet(id);
      if (before && after === before) after.unchanged++;
      if (!after || !this.#seemsAlive(after)) {
        this.#neighbours.delete(id);
        await this.#disk.remove(this.#path(id));
      }
    }
  }

  async isAlive(id: string): Promise<boolean> {
    if (id === this.id) return this.#isHere;
    const neighbour = await this.#meet(id);
    return neighbour !== undefined && this.#seemsAlive(neighbour);
  }

  /** How far another window said to be with a job. */
  progressOf(window: string, job: string): JobProgress | undefined {
    const progress = this.#neighbours.get(window)?.note.progress[job];
    return progress && { ...progress, phase: progress.phase as Phase };
  }

  #seemsAlive({ note, unchanged }: Neighbour): boolean {
    if (unchanged >= missedBeats) return false;
    return note.home !== this.#process.home || this.#process.isRunning(note.pid);
  }

  async #meet(id: string): Promise<Neighbour | undefined> {
    const text = await this.#disk.read(this.#path(id));
    const note = text === undefined ? undefined : readNote(text);
    const known = this.#neighbours.get(id);
    if (!note) return undefined;
    if (known?.note.beat === note.beat) return known;
    const met: Neighbour = { note, unchanged: 0 };
    this.#neighbours.set(id, met);
    return met;
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

function readNote(text: string): Note | undefined {
  try {
    const parsed = v.safeParse(noteSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
