import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { RemoteFiles } from '../jobs/ports.ts';

/** The last write to each folder. This window writes only one file at a time to a folder. */
const writes = new Map<string, Promise<unknown>>();

/** Accesses files in virtual and remote file systems with `workspace.fs`, which doesn't support ranges or streams. */
export const workspaceFiles: RemoteFiles = {
  async stat(uri) {
    try {
      const stat = await vscode.workspace.fs.stat(vscode.Uri.parse(uri, true));
      return { bytes: stat.size, modified: stat.mtime };
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
      throw error;
    }
  },

  async copyToDisk(uri, path) {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true));
    const stream = createWriteStream(path, { mode: 0o600 });
    stream.end(bytes);
    await finished(stream);
  },

  copyFromDisk(path, uri) {
    const target = vscode.Uri.parse(uri, true);
    const folder = vscode.Uri.joinPath(target, '..').toString();
    // Renames must not overlap, because a file system may check for the target and create it in two separate steps.
    const write = (writes.get(folder) ?? Promise.resolve()).then(() => writeNew(path, target));
    const ended = write
      .catch(() => undefined)
      .finally(() => {
        if (writes.get(folder) === ended) writes.delete(folder);
      });
    writes.set(folder, ended);
    return write;
  },

  reaches: uri => vscode.workspace.fs.isWritableFileSystem(vscode.Uri.parse(uri, true).scheme) !== undefined,
};

/**
 * Writes a new file by renaming a temporary one. Unlike `workspace.fs.writeFile`, a rename doesn't overwrite an
 * existing file and never leaves a partial file under the final name.
 */
async function writeNew(path: string, target: vscode.Uri): Promise<boolean> {
  if (await exists(target)) return false;
  const folder = vscode.Uri.joinPath(target, '..');
  const temporary = vscode.Uri.joinPath(folder, `.magic-hour-${crypto.randomUUID()}.tmp`);
  await vscode.workspace.fs.createDirectory(folder);
  try {
    await vscode.workspace.fs.writeFile(temporary, await readFile(path));
    await vscode.workspace.fs.rename(temporary, target, { overwrite: false });
    return true;
  } catch (error) {
    await Promise.resolve(vscode.workspace.fs.delete(temporary)).catch(() => undefined);
    if (error instanceof vscode.FileSystemError && error.code === 'FileExists') return false;
    throw error;
  }
}

const exists = async (uri: vscode.Uri): Promise<boolean> =>
  (await workspaceFiles.stat(uri.toString())) !== undefined;
