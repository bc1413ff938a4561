import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import * as vscode from 'vscode';
import { maxNameBytes, safeFileName } from '../../shared/fileName.ts';

/** A form marks its files only when it is shown or hidden, and it may stay in the background for weeks. */
const leftoverAge = 30 * 24 * 3600_000;

/** Returns whether a name has the form of a folder created by `add`. */
const isEntry = (name: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);

/**
 * Manages our copies of files that were dropped from outside VS Code. They are needed because the page knows only the
 * name and bytes of a dropped file. Each copy has its own folder, and all windows share the copies.
 */
export class DroppedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(name: string, bytes: Uint8Array): Promise<vscode.Uri> {
    const path = join(this.#folder, crypto.randomUUID(), safeName(name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes, { mode: 0o600 });
    return vscode.Uri.file(path);
  }

  readonly has = (uri: string): boolean => this.#entryOf(uri) !== undefined;

  /** Marks files as used by a form, so that the next sweep keeps them. */
  async touch(uris: readonly string[]): Promise<void> {
    const now = new Date();
    for (const entry of this.#entriesOf(uris)) {
      await utimes(join(this.#folder, entry), now, now).catch(() => undefined);
    }
  }

  async remove(uris: readonly string[]): Promise<void> {
    for (const entry of this.#entriesOf(uris)) {
      await rm(join(this.#folder, entry), { recursive: true, force: true });
    }
  }

  /** Removes copies that crashed windows left behind. */
  sweep(needed: readonly string[]): Promise<void> {
    return sweepLeftovers(this.#folder, this.#entriesOf(needed));
  }

  #entriesOf(uris: readonly string[]): ReadonlySet<string> {
    return new Set(uris.map(uri => this.#entryOf(uri)).filter(entry => entry !== undefined));
  }

  #entryOf(uri: string): string | undefined {
    const parsed = vscode.Uri.parse(uri);
    const front = `${vscode.Uri.file(this.#folder).fsPath}${sep}`;
    if (parsed.scheme !== 'file' || !parsed.fsPath.startsWith(front)) return undefined;
    // Check the path strictly, because a URI from the page may contain `..` and removing an entry deletes its contents.
    const [entry = '', ...rest] = parsed.fsPath.slice(front.length).split(sep);
    return isEntry(entry) && rest.length === 1 ? entry : undefined;
  }
}

/** Removes entries of a folder that haven't been marked for a month and aren't in `needed`. */
export async function sweepLeftovers(folder: string, needed: ReadonlySet<string> = new Set()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > leftoverAge && !needed.has(name)) await rm(path, { recursive: true, force: true });
  }
}

/** Returns the last segment of a name, shortened to 255 bytes including its extension. */
function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'));
  const extension = /^\.[a-z\d]{1,10}$/i.test(extname(last)) ? extname(last) : '';
  const stem = last.slice(0, last.length - extension.length);
  return (safeFileName(stem, maxNameBytes - extension.length) || 'file') + extension;
}
