import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { RemoteFiles } from '../jobs/ports.ts';

/** Files in virtual and remote file systems, through `workspace.fs`, which has no ranges and no streams. */
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

  async copyFromDisk(path, uri) {
    const target = vscode.Uri.parse(uri, true);
    if (await this.stat(uri)) return false;
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(target, '..'));
    await vscode.workspace.fs.writeFile(target, await readFile(path));
    return true;
  },

  reaches: uri => vscode.workspace.fs.isWritableFileSystem(vscode.Uri.parse(uri, true).scheme) !== undefined,
};
