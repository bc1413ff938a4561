import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';

/** Keeps a file that was dropped from outside, of which the page knows bytes and a name but no path. */
export async function keepDropped(folder: string, name: string, bytes: Uint8Array): Promise<vscode.Uri> {
  const own = join(folder, crypto.randomUUID());
  await mkdir(own, { recursive: true });
  // Only the last part of the name, without what Windows does not allow in one.
  const safe = basename(name.replaceAll('\\', '/')).replace(/[<>:"|?*\p{Cc}]/gu, '_');
  const path = join(own, safe === '' || /^\.+$/.test(safe) ? 'file' : safe);
  await writeFile(path, bytes, { mode: 0o600 });
  return vscode.Uri.file(path);
}
