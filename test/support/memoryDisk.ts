import { dirname, basename } from 'node:path';
import type { Disk } from '../../src/jobs/disk.ts';

interface File {
  readonly text: string;
  readonly stamp: string;
}

/** A process that has died gets no answers any more. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** What one process sees of a disk. After `kill` none of its operations happens or returns. */
export interface DiskView extends Disk {
  kill(): void;
}

export interface ViewOptions {
  /** Comes before every operation; may take its time, may throw as a disk does. */
  readonly before?: (operation: string, path: string) => Promise<void> | void;
  /** Comes between an operation and its answer. */
  readonly after?: (operation: string, path: string) => Promise<void> | void;
}

/** A disk in memory that several processes share, each of which can die between any two operations. */
export class MemoryDisk {
  readonly files = new Map<string, File>();
  /** Every text that was ever written, for those who look for secrets. */
  readonly everWritten: string[] = [];
  #stamps = 0;
  readonly #watchers = new Set<{ readonly folder: string; readonly onChange: (name: string) => void }>();

  write(path: string, text: string): void {
    this.#note(text);
    this.files.set(path, { text, stamp: String(++this.#stamps) });
    this.#changed(path);
  }

  list(folder: string): string[] {
    const names = new Set<string>();
    for (const path of this.files.keys())
      if (path.startsWith(`${folder}/`)) names.add(path.slice(folder.length + 1).split('/', 1)[0] ?? '');
    return [...names];
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  view({ before, after }: ViewOptions = {}): DiskView {
    let isDead = false;
    const watching = new Set<{ dispose(): void }>();
    const operate = async <T>(operation: string, path: string, act: () => T): Promise<T> => {
      if (isDead) return never();
      await before?.(operation, path);
      if (isDead) return never();
      const value = act();
      await after?.(operation, path);
      return isDead ? never() : value;
    };
    return {
      kill: () => {
        isDead = true;
        for (const watch of watching) watch.dispose();
      },
      list: folder => operate('list', folder, () => this.list(folder)),
      read: path => operate('read', path, () => this.files.get(path)?.text),
      create: (path, text) =>
        operate('create', path, () => {
          if (this.files.has(path)) return false;
          this.write(path, text);
          return true;
        }),
      replace: (path, text) => operate('replace', path, () => this.write(path, text)),
      remove: path =>
        operate('remove', path, () => {
          if (this.files.delete(path)) this.#changed(path);
        }),
      makeFolder: path => operate('makeFolder', path, () => {}),
      removeFolder: path =>
        operate('removeFolder', path, () => {
          for (const file of this.files.keys()) if (file.startsWith(`${path}/`)) this.files.delete(file);
        }),
      size: path => operate('size', path, () => this.files.get(path)?.text.length),
      flush: path => operate('flush', path, () => {}),
      place: (from, to) =>
        operate('place', to, () => {
          const file = this.files.get(from);
          if (!file) throw Object.assign(new Error(`ENOENT: ${from}`), { code: 'ENOENT' });
          if (this.files.has(to)) return false;
          this.files.set(to, file);
          this.#changed(to);
          return true;
        }),
      stamp: path => operate('stamp', path, () => this.files.get(path)?.stamp),
      watch: (folder, onChange) => {
        const watcher = { folder, onChange };
        this.#watchers.add(watcher);
        const watch = {
          dispose: () => {
            this.#watchers.delete(watcher);
            watching.delete(watch);
          },
        };
        watching.add(watch);
        return watch;
      },
    };
  }

  #note(text: string): void {
    this.everWritten.push(text);
  }

  #changed(path: string): void {
    for (const { folder, onChange } of this.#watchers)
      if (folder === dirname(path)) queueMicrotask(() => onChange(basename(path)));
  }
}
