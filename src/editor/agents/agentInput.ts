import { realpath } from 'node:fs/promises';
import { isAbsolute, posix, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { checkAssetUrl } from '../../assets/urls.ts';
import type { AssetSource } from '../../shared/asset.ts';
import { HumanError } from '../../shared/message.ts';
import type { AssetKind } from '../../tools/tool.ts';

/** Returns the workspace file or https URL that an agent named. @throws HumanError for anything else. */
export async function agentSource(named: unknown, kind: AssetKind): Promise<AssetSource | undefined> {
  if (typeof named !== 'string' || named.trim() === '') return undefined;
  if (/^https?:/i.test(named)) {
    checkAssetUrl(named, kind);
    return { kind: 'url', url: named };
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new HumanError('agent.noWorkspace');
  let outside = false;
  for (const folder of folders) {
    const uri = isAbsolute(named)
      ? folder.uri.with({ path: posix.normalize(vscode.Uri.file(named).path) })
      : vscode.Uri.joinPath(folder.uri, named);
    if (!(await exists(uri))) continue;
    const checked = await inside(uri, folder.uri);
    if (checked) return { kind: 'file', uri: checked.toString() };
    // The file may still be inside another workspace folder.
    outside = true;
  }
  throw new HumanError(outside ? 'agent.outside' : 'agent.notFound', { path: named });
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );

/**
 * Returns the file that a path resolves to if that file is inside the folder. Symbolic links are resolved because a
 * link may point outside the workspace or may have changed by the time the file is uploaded.
 */
async function inside(uri: vscode.Uri, folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (uri.scheme !== 'file') {
    const isInside = uri.path === folder.path || uri.path.startsWith(`${folder.path.replace(/\/$/, '')}/`);
    return isInside ? uri : undefined;
  }
  const path = relative(await realpath(folder.fsPath), await realpath(uri.fsPath));
  if (path === '' || path.startsWith(`..${sep}`) || path === '..' || isAbsolute(path)) return undefined;
  return vscode.Uri.joinPath(folder, ...path.split(sep));
}
