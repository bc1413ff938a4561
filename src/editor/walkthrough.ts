import * as vscode from 'vscode';
import type { JobService } from '../jobs/jobService.ts';
import type { ApiKey } from './apiKey.ts';
import type { UserState } from './userState.ts';
import { plainText } from './plainText.ts';
import { text } from './translate.ts';
import { workspaceFiles } from './workspaceFiles.ts';

const samples = ['portrait.jpg', 'voice.mp3'];

/** Sets the context keys that complete the walkthrough's steps, and registers the command that adds sample files. */
export function registerWalkthrough(
  key: ApiKey,
  jobs: JobService,
  userState: UserState,
  extension: vscode.Uri,
): vscode.Disposable {
  const setContext = (name: string, value: boolean) =>
    void vscode.commands.executeCommand('setContext', `magicHour.${name}`, value);
  // A key that can't be read still counts as present.
  const updateKey = async () =>
    setContext(
      'hasKey',
      await key.get().then(
        found => found !== undefined,
        () => true,
      ),
    );
  const subscription = jobs.onDidChange(job => {
    if (job?.phase !== 'saved' || userState.createdTools.includes(job.request.tool)) return;
    void userState.rememberCreated(job.request.tool);
    setContext(`made.${job.request.tool}`, true);
  });
  void updateKey();
  for (const tool of userState.createdTools) setContext(`made.${tool}`, true);
  return vscode.Disposable.from(
    key.onDidChange(updateKey),
    new vscode.Disposable(() => subscription.dispose()),
    vscode.commands.registerCommand('magicHour.addSampleFiles', () => addSamples(extension)),
  );
}

async function addSamples(extension: vscode.Uri): Promise<void> {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (!workspace) {
    void vscode.window.showWarningMessage(text('editor.samplesNeedFolder'));
    return;
  }
  const folder = vscode.Uri.joinPath(workspace.uri, 'magic-hour-samples');
  for (const name of samples) {
    // Existing files aren't overwritten, because the user may have changed them.
    const sample = vscode.Uri.joinPath(extension, 'media', 'samples', name);
    await workspaceFiles.copyFromDisk(sample.fsPath, vscode.Uri.joinPath(folder, name).toString());
  }
  const first = vscode.Uri.joinPath(folder, samples[0] ?? '');
  await vscode.commands.executeCommand('revealInExplorer', first);
  void vscode.window.showInformationMessage(
    text('editor.samplesAdded', { folder: plainText(vscode.workspace.asRelativePath(folder)) }),
  );
}
