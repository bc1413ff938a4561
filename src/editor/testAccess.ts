import * as vscode from 'vscode';
import type { LazyApp } from './eager/lazyApp.ts';

/** What tests in the extension host can reach: the context with its secrets, and the app. */
export interface TestAccess {
  readonly context: vscode.ExtensionContext;
  readonly app: LazyApp;
}

/** What `activate` returns: {@link TestAccess} when our own tests run, and nothing otherwise. */
export const testAccess = (context: vscode.ExtensionContext, app: LazyApp): TestAccess | undefined =>
  context.extensionMode === vscode.ExtensionMode.Test ? { context, app } : undefined;
