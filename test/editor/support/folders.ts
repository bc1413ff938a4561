import * as vscode from 'vscode';

/** Opens a further workspace folder. @returns What closes it again. */
export async function openFolder(uri: vscode.Uri): Promise<() => Promise<void>> {
  await change(1, 0, uri);
  return () => change(1, 1);
}

/** The list of folders shows a change before it has happened; the event comes after. */
async function change(start: number, remove: number, ...add: vscode.Uri[]): Promise<void> {
  const changed = new Promise<void>(resolve => {
    const subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      subscription.dispose();
      resolve();
    });
  });
  if (!vscode.workspace.updateWorkspaceFolders(start, remove, ...add.map(uri => ({ uri }))))
    throw new Error('VS Code does not change its folders');
  await changed;
}
