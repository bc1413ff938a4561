import * as vscode from 'vscode';
import type { LazyApp } from './eager/lazyApp.ts';

/** What a test in the extension host gets to reach: where the key is kept, and the app behind the placeholders. */
export interface TestAccess {
  readonly context: vscode.ExtensionContext;
  readonly app: LazyApp;
}

/** What `activate` returns: nothing to other extensions, ever; {@link TestAccess} in a run of our own tests. */
export const testAccess = (context: vscode.ExtensionContext, app: LazyApp): TestAccess | undefined =>
  context.extensionMode === vscode.ExtensionMode.Test ? { context, app } : undefined;
