// `npm start` opens VS Code with the extension, a copy of the sample workspace, and the fake API. It uses desktop VS
// Code if that's installed or `VSCODE_PATH` is set. Otherwise, or with `--browser`, it uses VS Code in the browser. All
// files are in a temporary folder. Press Ctrl+C to stop. `--no-open` only prints the URL.
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installCodeServer, startCodeServer } from '../test/host/code-server.ts';
import { installExtension } from '../test/host/extension.ts';
import { createPlayground, startFakeApi } from './playground.mjs';

const { values } = parseArgs({ options: { 'no-open': { type: 'boolean' }, browser: { type: 'boolean' } } });
const windows = process.platform === 'win32';
const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;

const folder = await mkdtemp(join(tmpdir(), 'magic-hour-start-'));

/** @type {(() => unknown)[]} Functions that run at the end, in reverse order. */
const cleanup = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(0));

try {
  const desktop = values.browser || values['no-open'] ? undefined : findDesktop();
  console.log('Building …');
  // VS Code in the browser uses the packaged extension. Desktop VS Code runs the extension from this folder.
  const { npm_execpath: npm } = process.env;
  const script = ['run', '--silent', desktop ? 'build' : 'package'];
  if (npm) execFileSync(process.execPath, [npm, ...script], { stdio: ['ignore', 'ignore', 'inherit'] });
  else execFileSync('npm', script, { stdio: ['ignore', 'ignore', 'inherit'], shell: windows });

  const api = await startFakeApi();
  cleanup.push(() => api.close());
  const playground = await createPlayground(folder, api.apiUrl);
  await (desktop ? openDesktop(desktop, playground) : openBrowser(playground));
} catch (error) {
  if (!stopping) console.error(error);
  await stop(1);
}

/** Returns the path of desktop VS Code's command-line tool if it's installed and there's a display. */
function findDesktop() {
  if (process.env.VSCODE_PATH) return process.env.VSCODE_PATH;
  if (!display) return undefined;
  const names = windows ? ['code.cmd'] : ['code', 'code-insiders'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (process.platform === 'darwin') {
    folders.push('/Applications/Visual Studio Code.app/Contents/Resources/app/bin');
  }
  return names.flatMap(name => folders.map(path => join(path, name))).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} command @param {{ workspace: string, data: string }} playground */
async function openDesktop(command, { workspace, data }) {
  const args = [
    `--extensionDevelopmentPath=${resolve('.')}`,
    `--user-data-dir=${data}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
    '--disable-workspace-trust',
    '--new-window',
    '--wait',
    workspace,
  ];
  const quoted = windows ? args.map(arg => `"${arg}"`) : args;
  const child = spawn(windows ? `"${command}"` : command, quoted, { stdio: 'ignore', shell: windows });
  cleanup.push(() => child.kill());
  child.on('error', error => {
    console.error(error);
    void stop(1);
  });
  child.on('exit', () => void stop(0));
  console.log('Ready: VS Code is open. To stop, close its window or press Ctrl+C.');
}

/** @param {{ workspace: string, data: string }} playground */
async function openBrowser({ workspace, data }) {
  const product = await installCodeServer();
  const extensions = await installExtension(product);
  const { service, url } = await startCodeServer(product, data, extensions);
  cleanup.push(() => service.stop());
  service.child.once('exit', () => void stop(1));
  const address = `${url}/?folder=${encodeURIComponent(workspace)}`;
  console.log(`Ready: open ${address}\nPress Ctrl+C to stop.`);
  if (values['no-open'] || !display) return;
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? [
    'xdg-open',
  ];
  // Without a browser, the user can still open the URL above.
  spawn(command, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** @param {number} code */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const step of cleanup.toReversed()) await Promise.resolve(step()).catch(console.error);
  process.exit(code);
}
