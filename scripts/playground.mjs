// A place to try the extension by hand: a copy of the sample workspace, and user settings that point the extension
// at the fake API. Run on its own (the F5 task does), it makes one in .vscode-test/playground and starts the
// stand-in there until it is ended.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchFakeApi } from '../test/fake-api/launch.ts';

/** The key the fake API takes. */
export const key = 'mhk_live_test';

/**
 * @param {string} folder Gets `workspace` and `data` (a `--user-data-dir`).
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

/** Starts the fake API with renders that take as long as a person wants to watch. */
export async function startStandIn() {
  const api = await launchFakeApi(['--lifelike']);
  console.log(`Stand-in Magic Hour API at ${api.apiUrl}. When asked for a key: ${key}`);
  return api;
}

if (import.meta.main) {
  const folder = join('.vscode-test', 'playground');
  // The fake API begins anew each time: jobs of an earlier one would be lost to it.
  await rm(folder, { recursive: true, force: true });
  const api = await startStandIn();
  await createPlayground(folder, api.apiUrl);
  console.log('Ready.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void api.close());
}
