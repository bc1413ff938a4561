import { realpath } from 'node:fs/promises';
import { isAbsolute, posix, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { checkAssetUrl } from '../../assets/urls.ts';
import type { AssetSource } from '../../shared/asset.ts';
import { HumanError } from '../../shared/message.ts';
import type { AssetKind } from '../../tools/tool.ts';

/** What an agent names as an input: a workspace file or an https URL. @throws HumanError for anything else. */
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
    if (await isInside(uri, folder.uri)) return { kind: 'file', uri: uri.toString() };
    // It may be inside the next folder.
    outside = true;
  }
  throw new HumanError(outside ? 'agent.outside' : 'agent.notFound', { path: named });
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );

/** Links are followed first: one in the workspace may lead out of it. */
async function isInside(uri: vscode.Uri, folder: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file')
    return uri.path === folder.path || uri.path.startsWith(`${folder.path.replace(/\/$/, '')}/`);
  const path = relative(await realpath(folder.fsPath), await realpath(uri.fsPath));
  return path !== '' && !path.startsWith(`..${sep}`) && path !== '..' && !isAbsolute(path);
}
