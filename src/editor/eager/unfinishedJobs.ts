import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LazyApp } from './lazyApp.ts';

/**
 * Unfinished jobs go on by themselves after a start: one folder is listed, and the app is started only when there are
 * some. It is listed again when the window is used, because another window may have begun jobs: no watcher, no timer.
 */
export function registerUnfinishedJobs(app: LazyApp, context: vscode.ExtensionContext): vscode.Disposable {
  const folder = join(context.globalStorageUri.fsPath, 'jobs', 'open');
  const look = async () => {
    if (app.running) return app.running.refresh();
    // No folder: there has never been a job.
    const files = await readdir(folder).catch(() => []);
    if (files.length > 0) await app.start();
  };
  void look();
  if (context.globalState.get('hadJobs')) {
    void vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
  }
  return vscode.window.onDidChangeWindowState(look);
}
