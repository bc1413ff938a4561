import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AppOnDemand } from './appOnDemand.ts';

/**
 * Unfinished jobs go on by themselves after a start: one folder is listed, and the app is started only when there are
 * some. It is listed again when the window is used, because another window may have begun jobs: no watcher, no timer.
 */
export function registerUnfinishedJobs(
  app: AppOnDemand,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  const jobs = join(context.globalStorageUri.fsPath, 'jobs');
  // 0.1.0 kept them in `open`.
  const folders = [join(jobs, 'unfinished'), join(jobs, 'open')];
  const look = async () => {
    if (app.running) return app.running.refresh();
    // No folder: there has never been a job.
    const files = await Promise.all(folders.map(folder => readdir(folder).catch(() => [])));
    if (files.flat().length > 0) await app.start();
  };
  void look();
  if (context.globalState.get('hadJobs')) {
    void vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
  }
  return vscode.window.onDidChangeWindowState(look);
}
