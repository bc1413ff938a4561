import { posix } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';

/** A virtual file system, like that of a remote repository. A folder exists if it contains a file. */
export class MemoryFileSystem implements vscode.FileSystemProvider {
  /** Milliseconds between checking a target and changing it. */
  latency = 0;
  readonly #files = new Map<string, { bytes: Uint8Array; time: number }>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  put(path: string, bytes: Uint8Array): void {
    this.#files.set(posix.normalize(path), { bytes, time: Date.now() });
  }

  get(path: string): Uint8Array {
    const file = this.#files.get(posix.normalize(path));
    if (!file) throw vscode.FileSystemError.FileNotFound(path);
    return file.bytes;
  }

  clear(): void {
    this.#files.clear();
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const file = this.#files.get(posix.normalize(path));
    if (file)
      return { type: vscode.FileType.File, ctime: file.time, mtime: file.time, size: file.bytes.length };
    if (this.#names(path).size === 0 && path !== '/site') throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    return [...this.#names(path)].map(name => [
      name,
      this.#files.has(`${path}/${name}`) ? vscode.FileType.File : vscode.FileType.Directory,
    ]);
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.get(path);
  }

  async writeFile(
    uri: vscode.Uri,
    bytes: Uint8Array,
    options: { create: boolean; overwrite: boolean },
  ): Promise<void> {
    const exists = this.#files.has(uri.path);
    if (exists && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
    if (!exists && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
    await setTimeout(this.latency);
    this.put(uri.path, bytes);
    this.#changed.fire([
      { type: exists ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created, uri },
    ]);
  }

  createDirectory(): void {}

  delete({ path }: vscode.Uri): void {
    this.#files.delete(path);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, options: { overwrite: boolean }): Promise<void> {
    if (this.#files.has(to.path) && !options.overwrite) throw vscode.FileSystemError.FileExists(to);
    await setTimeout(this.latency);
    this.put(to.path, this.get(from.path));
    this.delete(from);
  }

  /** The sorted names in a folder. */
  names(folder: string): string[] {
    return [...this.#names(folder)].toSorted();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  #names(folder: string): Set<string> {
    const front = folder.endsWith('/') ? folder : `${folder}/`;
    return new Set(
      [...this.#files.keys()]
        .filter(path => path.startsWith(front))
        .map(path => path.slice(front.length).split('/')[0] ?? ''),
    );
  }
}
