/**
 * Runs `test/editor` in an extension host.
 *
 * Uses the desktop VS Code named in `VSCODE_PATH`, or downloads one if there's a display. Without a display, if the
 * download fails, or with `MAGIC_HOUR_EDITOR=code-server`, uses code-server.
 */
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from '@vscode/test-electron';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { launchFakeApi } from '../fake-api/launch.ts';
import type { EditorResults } from '../editor/index.ts';
import { bundleEditorTests, editorTests } from './bundle-editor-tests.ts';
import { installations, results, root } from './paths.ts';

async function findEditor(): Promise<string> {
  const launcher = join(import.meta.dirname, process.platform === 'win32' ? 'launcher.cmd' : 'launcher');
  const named = process.env['VSCODE_PATH'];
  if (named) return named;
  const display = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (!display || process.env['MAGIC_HOUR_EDITOR'] === 'code-server') return launcher;
  try {
    return await downloadAndUnzipVSCode({ cachePath: installations });
  } catch (error) {
    console.log(`Couldn't download desktop VS Code (${String(error)}); using code-server instead.`);
    return launcher;
  }
}

/**
 * Creates a workspace file with a copy of the sample workspace, and user settings that keep VS Code quiet. The
 * workspace settings try to redirect the extension to another API.
 */
async function prepare(folder: string, apiUrl: string): Promise<string> {
  await cp(join(root, 'test', 'sample-workspace'), join(folder, 'workspace'), { recursive: true });
  await mkdir(join(folder, 'workspace', '.vscode'), { recursive: true });
  await mkdir(join(folder, 'user', 'User'), { recursive: true });
  const redirection = { 'magicHour.apiUrl': 'http://127.0.0.1:9', 'files.insertFinalNewline': true };
  await writeFile(join(folder, 'workspace', '.vscode', 'settings.json'), JSON.stringify(redirection));
  const workspace = join(folder, 'editor.code-workspace');
  // With a single folder instead of a workspace file, adding a folder would restart the extension host.
  await writeFile(workspace, JSON.stringify({ folders: [{ path: 'workspace' }], settings: redirection }));
  const settings = {
    'magicHour.apiUrl': apiUrl,
    'magicHour.agentDailyCredits': 100_000,
    'extensions.autoCheckUpdates': false,
    'git.enabled': false,
    'security.workspace.trust.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'workbench.startupEditor': 'none',
  };
  await writeFile(join(folder, 'user', 'User', 'settings.json'), JSON.stringify(settings));
  return workspace;
}

const resultFile = resolve(process.env['MAGIC_HOUR_RESULTS'] ?? join(results, 'editor.json'));
const logFile = resultFile.replace(/\.json$/, '.log');
await mkdir(results, { recursive: true });
await rm(resultFile, { force: true });
await bundleEditorTests();
const folder = await mkdtemp(join(tmpdir(), 'magic-hour-editor-'));
const api = await launchFakeApi();
const workspace = await prepare(folder, api.apiUrl);
// VS Code prints a lot, so its output is shown only if the tests don't report results.
const log = createWriteStream(logFile);

try {
  await runTests({
    vscodeExecutablePath: await findEditor(),
    extensionDevelopmentPath: root,
    extensionTestsPath: editorTests,
    extensionTestsEnv: { MAGIC_HOUR_RESULTS: resultFile, MAGIC_HOUR_CONTROL: api.controlUrl },
    launchArgs: [
      workspace,
      `--user-data-dir=${join(folder, 'user')}`,
      `--extensions-dir=${join(folder, 'extensions')}`,
    ],
    stdout: log,
    stderr: log,
  });
} catch (error) {
  if (!(error instanceof TestRunFailedError)) throw error;
  process.exitCode = 1;
} finally {
  await finished(log.end());
  await api.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

try {
  const { passed, failures, notes }: EditorResults = JSON.parse(await readFile(resultFile, 'utf8'));
  for (const { title, stack } of failures) console.log(`✖ ${title}\n${stack.replaceAll(/^/gm, '    ')}\n`);
  for (const note of notes) console.log(note);
  console.log(`${passed} passed, ${failures.length} failed`);
} catch {
  console.log((await readFile(logFile, 'utf8')).split('\n').slice(-50).join('\n'));
  console.log(`The tests ended without a result. Everything that VS Code printed is in ${logFile}.`);
  process.exitCode = 1;
}
