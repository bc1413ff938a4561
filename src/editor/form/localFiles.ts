import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { workspaceFiles } from '../workspaceFiles.ts';

/**
 * Makes a form's files available as paths on the local disk. Other files are copied there, and copied again if they
 * change, because `workspace.fs` can't read ranges. The copies are removed when the form closes.
 */
export class LocalFiles {
  readonly #folder: string;
  readonly #copies = new Map<string, Promise<string>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async pathOf(uri: string): Promise<string> {
    return (await this.open(uri)).path;
  }

  /** If the path is that of a copy, `modified` is when the original file was last modified (in milliseconds). */
  async open(uri: string): Promise<{ readonly path: string; readonly modified?: number }> {
    const parsed = vscode.Uri.parse(uri, true);
    if (parsed.scheme === 'file') return { path: parsed.fsPath };
    const modified = (await workspaceFiles.stat(uri))?.modified ?? 0;
    const version = `${uri}#${modified}`;
    let copy = this.#copies.get(version);
    if (!copy) {
      copy = this.#copy(uri, version);
      this.#copies.set(version, copy);
      copy.catch(() => this.#copies.delete(version));
    }
    return { path: await copy, modified };
  }

  async #copy(uri: string, version: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, createHash('sha256').update(version).digest('hex').slice(0, 32));
    await workspaceFiles.copyToDisk(uri, path);
    return path;
  }

  async dispose(): Promise<void> {
    this.#copies.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
