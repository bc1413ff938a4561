import * as vscode from 'vscode';
import type { AppOnDemand } from './eager/appOnDemand.ts';

/** What a test in the extension host gets to reach: where the key is kept, and the app behind the stand-ins. */
export interface TestAccess {
  readonly context: vscode.ExtensionContext;
  readonly app: AppOnDemand;
}

/** What `activate` returns: nothing to other extensions, ever; {@link TestAccess} in a run of our own tests. */
export const testAccess = (context: vscode.ExtensionContext, app: AppOnDemand): TestAccess | undefined =>
  context.extensionMode === vscode.ExtensionMode.Test ? { context, app } : undefined;
