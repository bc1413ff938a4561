import type * as vscode from 'vscode';
import { LazyApp } from './editor/eager/lazyApp.ts';
import { registerAgentTools } from './editor/eager/agentTools.ts';
import { registerCommands } from './editor/eager/commands.ts';
import { registerFormRestorer } from './editor/eager/formRestorer.ts';
import { registerUnfinishedJobs } from './editor/eager/unfinishedJobs.ts';
import { testAccess, type TestAccess } from './editor/testAccess.ts';

let app: LazyApp | undefined;

/** Registers everything VS Code can call. The implementation is loaded on the first call. */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  app = new LazyApp(context);
  context.subscriptions.push(
    app,
    registerCommands(app, context),
    registerFormRestorer(app),
    registerAgentTools(app, context),
    registerUnfinishedJobs(app, context),
  );
  return testAccess(context, app);
}

/** VS Code waits for the returned promise, so that other windows can take over this window's jobs right away. */
export async function deactivate(): Promise<void> {
  await app?.stop();
}
