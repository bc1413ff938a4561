import * as vscode from 'vscode';
import type { AppOnDemand } from './appOnDemand.ts';

/** Every command of the manifest, as a stand-in that starts the app and calls the real one. */
export function registerCommands(app: AppOnDemand, context: vscode.ExtensionContext): vscode.Disposable {
  const declared: readonly { readonly command: string }[] =
    context.extension.packageJSON.contributes.commands;
  const standIns = vscode.Disposable.from(
    ...declared.map(({ command }) =>
      vscode.commands.registerCommand(command, async (...args: unknown[]) => {
        await app.start();
        return vscode.commands.executeCommand(command, ...args);
      }),
    ),
  );
  app.addStandIn(standIns);
  return standIns;
}
