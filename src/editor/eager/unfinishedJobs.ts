import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LazyApp } from './lazyApp.ts';

/**
 * Starts the app if there are unfinished jobs, which then continue automatically. Checks at startup and whenever the
 * window gets focus, because another window may have started jobs. There is no watcher or timer.
 */
export function registerUnfinishedJobs(app: LazyApp, context: vscode.ExtensionContext): vscode.Disposable {
  const jobs = join(context.globalStorageUri.fsPath, 'jobs');
  // Version 0.1.0 kept unfinished jobs in `open`.
  const folders = [join(jobs, 'unfinished'), join(jobs, 'open')];
  const check = async () => {
    if (app.running) return app.running.refresh();
    // A missing folder means that there are no jobs.
    const files = await Promise.all(folders.map(folder => readdir(folder).catch(() => [])));
    if (files.flat().length > 0) await app.start();
  };
  void check();
  if (context.globalState.get('hadJobs')) {
    void vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
  }
  return vscode.window.onDidChangeWindowState(({ focused }) => focused && check());
}
