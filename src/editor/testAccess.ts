import * as vscode from 'vscode';
import type { LazyApp } from './eager/lazyApp.ts';

/** Gives tests in the extension host access to the context, including its secrets, and to the app. */
export interface TestAccess {
  readonly context: vscode.ExtensionContext;
  readonly app: LazyApp;
}

/** The return value of `activate`, which is undefined unless our own tests are running. */
export const testAccess = (context: vscode.ExtensionContext, app: LazyApp): TestAccess | undefined =>
  context.extensionMode === vscode.ExtensionMode.Test ? { context, app } : undefined;
