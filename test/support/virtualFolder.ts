import type { RemoteFiles } from '../../src/jobs/ports.ts';
import type { MemoryDisk } from './memoryDisk.ts';
import type { VirtualClock } from './virtualClock.ts';

/**
 * A folder that only the editor can access, such as `memfs:`. Writing a file overwrites, but renaming doesn't. Every
 * operation takes time, and a file is visible while it's being written.
 */
export class VirtualFolder {
  readonly files = new Map<string, string>();
  readonly #clock: VirtualClock;
  readonly #disk: MemoryDisk;

  constructor(clock: VirtualClock, disk: MemoryDisk) {
    this.#clock = clock;
    this.#disk = disk;
  }

  /** The files that the user sees: all except unfinished copies. */
  get visible(): Record<string, string> {
    return Object.fromEntries([...this.files].filter(([uri]) => !/\/\.[^/]*$/.test(uri)));
  }

  /**
   * The editor's file access for the jobs of one window. It writes a file under a temporary name and then renames it.
   */
  adapter({ isAlive = () => true, latency = 500 }: AdapterOptions = {}): RemoteFiles {
    let copies = 0;
    const step = async () => {
      await this.#clock.wait(latency * (0.5 + this.#clock.random()));
      if (!isAlive()) await new Promise<never>(() => {});
    };
    return {
      reaches: () => true,
      stat: async uri => {
        await step();
        const text = this.files.get(uri);
        return text === undefined ? undefined : { bytes: text.length, modified: 0 };
      },
      copyToDisk: async (uri, path) => {
        await step();
        this.#disk.write(path, this.files.get(uri) ?? '');
      },
      copyFromDisk: async (path, uri) => {
        const text = this.#disk.files.get(path)?.text;
        if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
        const chance = Math.floor(this.#clock.random() * 1e9);
        const temporary = uri.replace(/[^/]*$/, `.${chance}-${++copies}.tmp`);
        await step();
        this.files.set(temporary, text.slice(0, text.length / 2));
        await step();
        this.files.set(temporary, text);
        await step();
        this.files.delete(temporary);
        if (this.files.has(uri)) return false;
        this.files.set(uri, text);
        await step();
        return true;
      },
    };
  }
}

interface AdapterOptions {
  readonly isAlive?: () => boolean;
  /** The average duration of an operation, in milliseconds. */
  readonly latency?: number;
}
