// Creates a playground for trying the extension manually: a copy of the sample workspace, and user settings that point
// the extension to the fake API. When run directly, as by the F5 task, this script creates a playground in
// .vscode-test/playground and runs the fake API until the script is stopped.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchFakeApi } from '../test/fake-api/launch.ts';

/** The key that the fake API accepts. */
export const key = 'mhk_live_test';

/**
 * @param {string} folder Where to create the folders `workspace` and `data` (for `--user-data-dir`).
 * @param {string} apiUrl
 */
export async function createPlayground(folder, apiUrl) {
  const workspace = join(folder, 'workspace');
  const data = join(folder, 'data');
  await cp(join('test', 'sample-workspace'), workspace, { recursive: true });
  await mkdir(join(data, 'User'), { recursive: true });
  const settings = {
    'magicHour.apiUrl': apiUrl,
    'security.workspace.trust.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.startupEditor': 'readme',
  };
  await writeFile(join(data, 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  return { workspace, data };
}

/** Starts the fake API with lifelike rendering times. */
export async function startFakeApi() {
  const api = await launchFakeApi(['--lifelike']);
  console.log(`Fake Magic Hour API: ${api.apiUrl}. API key: ${key}`);
  return api;
}

if (import.meta.main) {
  const folder = join('.vscode-test', 'playground');
  // The fake API forgets everything when it ends, so jobs from an earlier run would fail.
  await rm(folder, { recursive: true, force: true });
  const api = await startFakeApi();
  await createPlayground(folder, api.apiUrl);
  console.log('Ready.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void api.close());
}
