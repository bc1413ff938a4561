import * as vscode from 'vscode';
import type { TestAccess } from '../../../src/editor/testAccess.ts';
import { quickRunTimes } from '../../e2e/support/runTimes.ts';
import { FakeApiControl } from '../../fake-api/control.ts';

const extension = vscode.extensions.getExtension<TestAccess | undefined>('magic-hour-for-vscode.magic-hour');

/** The extension under test. */
export function ours(): vscode.Extension<TestAccess | undefined> {
  if (!extension) throw new Error('Not found: has the name or publisher in package.json changed?');
  return extension;
}

let again: TestAccess | undefined;

/** Activates the extension. @returns Its context and app. */
export async function activated(): Promise<TestAccess> {
  const access = again ?? (await ours().activate());
  if (!access) throw new Error('The extension does not detect the test run');
  return access;
}

/** Disposes everything and activates the extension again. @returns The duration of `activate` in milliseconds. */
export async function activateAgain(): Promise<number> {
  const { context } = await activated();
  vscode.Disposable.from(...context.subscriptions.splice(0)).dispose();
  const module: typeof import('../../../src/extension.ts') = await import(
    vscode.Uri.joinPath(context.extensionUri, 'dist', 'extension.js').toString()
  );
  const start = performance.now();
  again = module.activate(context);
  return performance.now() - start;
}

/** Controls the fake API of this test run. */
export const control = new FakeApiControl(process.env['MAGIC_HOUR_CONTROL'] ?? '');

export const key = 'mhk_live_test';

/** Resets the fake API and stores its key in the extension. */
export async function signedIn(): Promise<TestAccess> {
  const access = await activated();
  const runTimes = vscode.Uri.joinPath(access.context.globalStorageUri, 'jobs', 'run-times.json');
  await vscode.workspace.fs.writeFile(runTimes, Buffer.from(quickRunTimes));
  await control.reset();
  await control.configure({ renderMs: { headshot: 50, talkingPhoto: 50 } });
  await access.context.secrets.store('magicHour.apiKey', key);
  return access;
}

/** The folder with the copy of the sample workspace. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('No folder is open');
  return folder.uri;
}
