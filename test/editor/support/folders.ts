import * as vscode from 'vscode';

/** Adds a workspace folder. @returns A function that removes it. */
export async function openFolder(uri: vscode.Uri): Promise<() => Promise<void>> {
  await change(1, 0, uri);
  return () => change(1, 1);
}

/** Waits for the event, because `workspaceFolders` changes before VS Code has applied the change. */
async function change(start: number, remove: number, ...add: vscode.Uri[]): Promise<void> {
  const changed = new Promise<void>(resolve => {
    const subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      subscription.dispose();
      resolve();
    });
  });
  if (!vscode.workspace.updateWorkspaceFolders(start, remove, ...add.map(uri => ({ uri }))))
    throw new Error('VS Code did not change its folders');
  await changed;
}
