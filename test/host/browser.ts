import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { npm } from './npm.ts';
import { installations } from './paths.ts';

const run = promisify(execFile);

interface Executable {
  path: string;
  env?: Record<string, string>;
}

/**
 * Starts a headless Chromium: the one named by `CHROME_PATH`, else an installed Chrome, Chromium or Edge, else
 * (Linux) the one from npm, which `MAGIC_HOUR_TEST_BROWSER=npm` forces.
 *
 * @throws Error that says what to install when none can be had.
 */
export async function launchBrowser(): Promise<Browser> {
  const { path, env } = await findExecutable();
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    chromiumSandbox: false,
    // Ctrl+C is for whoever started the tests to handle: the browser is closed with the rest.
    handleSIGINT: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}

async function findExecutable(): Promise<Executable> {
  if (process.env['MAGIC_HOUR_TEST_BROWSER'] === 'npm') return fromNpm();
  const named = process.env['CHROME_PATH'];
  if (named) return { path: named };
  const installed = candidates().find(isExecutable);
  if (installed) return { path: installed };
  if (process.platform === 'linux') return fromNpm();
  throw new Error('The tests need Chrome, Chromium or Edge. Install one, or name it in CHROME_PATH.');
}

function candidates(): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', join(process.env['HOME'] ?? '', 'Applications')].flatMap(folder => [
        join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
        join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
        join(folder, 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge'),
      ]);
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
        .flatMap(name => process.env[name] ?? [])
        .flatMap(folder => [
          join(folder, 'Google\\Chrome\\Application\\chrome.exe'),
          join(folder, 'Chromium\\Application\\chrome.exe'),
          join(folder, 'Microsoft\\Edge\\Application\\msedge.exe'),
        ]);
    default: {
      const names = [
        'google-chrome',
        'google-chrome-stable',
        'chromium',
        'chromium-browser',
        'microsoft-edge',
      ];
      const folders = (process.env['PATH'] ?? '').split(delimiter);
      return names.flatMap(name => folders.map(folder => join(folder, name)));
    }
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium's headless shell as packed by `@sparticuz/chromium`, unpacked beside the other installations. */
async function fromNpm(): Promise<Executable> {
  const folder = join(installations, 'chromium');
  const unpacked = join(folder, 'unpacked');
  const stamp = join(folder, '.complete');
  if (!existsSync(stamp)) {
    console.log('Installing a browser for the tests (@sparticuz/chromium) …');
    await rm(folder, { recursive: true, force: true });
    await mkdir(unpacked, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await npm(folder, 'install', '@sparticuz/chromium@153.0.0');
    await unpack(join(folder, 'node_modules', '@sparticuz', 'chromium'), unpacked);
    await writeFile(stamp, '');
  }
  const path = join(unpacked, 'chromium');
  const env: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_PATH'] = join(unpacked, 'fonts');
  // A bare machine lacks libraries every desktop has (nss, expat …); the package carries those it needs.
  if (!(await starts(path, env))) env['LD_LIBRARY_PATH'] = join(unpacked, 'al2023', 'lib');
  if (!(await starts(path, env))) {
    throw new Error(`${path} does not start. Install Chrome or Chromium, or name one in CHROME_PATH.`);
  }
  return { path, env };
}

/** The package unpacks into the system's temporary folder, so that is moved for one short process. */
async function unpack(packed: string, target: string): Promise<void> {
  const module = pathToFileURL(join(packed, 'build', 'index.js')).href;
  const archives = (await readdir(join(packed, 'bin'))).map(name => join(packed, 'bin', name));
  const script = `
    import { inflate } from ${JSON.stringify(module)};
    for (const archive of ${JSON.stringify(archives)}) await inflate(archive);`;
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: target },
  });
}

async function starts(path: string, env: Record<string, string>): Promise<boolean> {
  try {
    await run(path, ['--version'], { env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  }
}
