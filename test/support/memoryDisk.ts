import { dirname, basename } from 'node:path';
import type { Disk } from '../../src/jobs/disk.ts';

interface File {
  readonly text: string;
  readonly stamp: string;
}

/** Never resolves, because a dead process gets no more responses. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** A disk as one process sees it. After `kill`, its operations neither take effect nor return. */
export interface DiskView extends Disk {
  kill(): void;
  /**
   * Moves a file and replaces the target. Resolves to false if there's no file at `from`. This isn't part of `Disk`,
   * because only version 0.1.0 and renames need it.
   */
  move(from: string, to: string): Promise<boolean>;
}

export interface ViewOptions {
  /** Runs before every operation. It may take time or throw, like a real disk. */
  readonly before?: (operation: string, path: string) => Promise<void> | void;
  /** Runs between an operation and its response. */
  readonly after?: (operation: string, path: string) => Promise<void> | void;
}

/** A disk in memory shared by several processes, each of which can die between any two operations. */
export class MemoryDisk {
  readonly files = new Map<string, File>();
  /** Every text that was ever written, for tests that look for secrets. */
  readonly everWritten: string[] = [];
  #stamps = 0;
  readonly #folders = new Set<string>();
  readonly #watchers = new Set<{ readonly folder: string; readonly onChange: () => void }>();

  write(path: string, text: string): void {
    this.#note(text);
    this.makeFolder(dirname(path));
    this.files.set(path, { text, stamp: String(++this.#stamps) });
    this.#changed(path);
  }

  /** The names of the files and folders in a folder. */
  list(folder: string): string[] {
    return [...this.files.keys(), ...this.#folders]
      .filter(path => dirname(path) === folder)
      .map(path => basename(path));
  }

  makeFolder(path: string): void {
    for (let each = path; !this.#folders.has(each); each = dirname(each)) this.#folders.add(each);
  }

  /** Removes a folder and its contents, like `rm -r`. */
  removeFolder(path: string): void {
    const isBelow = (each: string) => each === path || each.startsWith(`${path}/`);
    for (const folder of this.#folders) if (isBelow(folder)) this.#folders.delete(folder);
    for (const file of this.files.keys()) {
      if (!isBelow(file)) continue;
      this.files.delete(file);
      this.#changed(file);
    }
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
    const within = (path: string) => {
      if (!this.#folders.has(dirname(path)))
        throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
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
          within(path);
          if (this.files.has(path)) return false;
          this.write(path, text);
          return true;
        }),
      replace: (path, text) => operate('replace', path, () => this.write(path, text)),
      move: (from, to) =>
        operate('move', from, () => {
          const file = this.files.get(from);
          if (!file) return false;
          within(to);
          this.files.delete(from);
          this.files.set(to, file);
          this.#changed(from);
          this.#changed(to);
          return true;
        }),
      remove: path =>
        operate('remove', path, () => {
          if (this.files.delete(path)) this.#changed(path);
        }),
      makeFolder: path => operate('makeFolder', path, () => this.makeFolder(path)),
      removeFolder: path => operate('removeFolder', path, () => this.removeFolder(path)),
      size: path => operate('size', path, () => this.files.get(path)?.text.length),
      flush: path => operate('flush', path, () => {}),
      place: (from, to) =>
        operate('place', to, () => {
          const file = this.files.get(from);
          if (!file) throw Object.assign(new Error(`ENOENT: ${from}`), { code: 'ENOENT' });
          within(to);
          if (this.files.has(to)) return false;
          this.files.set(to, file);
          this.#changed(to);
          return true;
        }),
      digest: path => operate('digest', path, () => this.files.get(path)?.text ?? ''),
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
    for (const { folder, onChange } of this.#watchers) if (folder === dirname(path)) queueMicrotask(onChange);
  }
}
