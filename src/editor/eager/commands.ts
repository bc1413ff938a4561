import * as vscode from 'vscode';
import type { LazyApp } from './lazyApp.ts';

/** For every command in the manifest, registers a placeholder that starts the app and runs the real command. */
export function registerCommands(app: LazyApp, context: vscode.ExtensionContext): vscode.Disposable {
  const declared: readonly { readonly command: string }[] =
    context.extension.packageJSON.contributes.commands;
  const placeholders = vscode.Disposable.from(
    ...declared.map(({ command }) =>
      vscode.commands.registerCommand(command, async (...args: unknown[]) => {
        await app.start();
        return vscode.commands.executeCommand(command, ...args);
      }),
    ),
  );
  app.addPlaceholder(placeholders);
  return placeholders;
}
