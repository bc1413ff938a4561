import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { npm } from './npm.ts';
import { installations } from './paths.ts';

const run = promisify(execFile);

interface Executable {
  path: string;
  env?: Record<string, string>;
}

/** A headless browser for the tests. */
export interface BrowserService {
  browser: Browser;
  /** The browser's default context. Its disk cache makes a second window of VS Code open in half the time. */
  context: BrowserContext;
  /** Rejects if the browser ends without {@link stop}. Use with `Promise.race` for everything that depends on it. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts a headless Chromium. `MAGIC_HOUR_TEST_BROWSER=installed` uses the one named in `CHROME_PATH` or an installed
 * Chrome, Chromium or Edge; `npm` (Linux) uses the one from npm with its own fonts. By default, CI on Linux uses npm,
 * so that a run doesn't depend on the machine. Otherwise, the default is an installed browser, or npm if there's none.
 *
 * @throws Error that says what to install if there's no browser.
 */
export async function launchBrowser(args: string[] = []): Promise<BrowserService> {
  const { path, env } = await findExecutable();
  const context = await chromium.launchPersistentContext('', {
    executablePath: path,
    env: { ...process.env, ...env },
    chromiumSandbox: false,
    viewport: { width: 1280, height: 800 },
    // The test runner handles Ctrl+C and stops the browser with everything else.
    handleSIGINT: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      ...args,
    ],
  });
  const browser = context.browser();
  if (!browser) throw new Error('The context has no browser');
  let isStopping = false;
  const failed = new Promise<never>((_, reject) => {
    browser.once('disconnected', () => {
      if (isStopping) return;
      reject(new Error('The browser ended unexpectedly. DEBUG=pw:browser shows what it printed.'));
    });
  });
  failed.catch(() => {});
  return {
    browser,
    context,
    failed,
    async stop() {
      isStopping = true;
      await context.close();
    },
  };
}

async function findExecutable(): Promise<Executable> {
  const canUseNpm = process.platform === 'linux';
  const source = process.env['MAGIC_HOUR_TEST_BROWSER'] ?? (process.env['CI'] && canUseNpm ? 'npm' : '');
  if (source === 'npm') return fromNpm();
  const path = process.env['CHROME_PATH'] ?? candidates().find(isExecutable);
  if (path) return { path };
  if (source === '' && canUseNpm) return fromNpm();
  throw new Error('The tests need Chrome, Chromium or Edge. Install one, or set CHROME_PATH.');
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

/** Chromium's headless shell from `@sparticuz/chromium`, with the fonts and libraries that come with it. */
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
  const fonts = join(unpacked, 'fonts');
  await writeFontsConfig(fonts);
  const path = join(unpacked, 'chromium');
  const env: Record<string, string> = { FONTCONFIG_PATH: fonts, FONTCONFIG_FILE: join(fonts, 'fonts.conf') };
  // A minimal system lacks libraries that every desktop system has (NSS, Expat).
  if (!(await starts(path, env))) env['LD_LIBRARY_PATH'] = join(unpacked, 'al2023', 'lib');
  if (!(await starts(path, env))) {
    throw new Error(`${path} doesn't start. Install Chrome or Chromium, or set CHROME_PATH.`);
  }
  return { path, env };
}

/**
 * The package's own fonts.conf names folders below /tmp, but the fonts are elsewhere. Without fonts, Chromium crashes
 * ("SkFontMgr_FontConfigInterface.cpp: Not implemented") or hangs.
 */
async function writeFontsConfig(fonts: string): Promise<void> {
  const file = join(fonts, 'fonts.conf');
  const config = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(fonts, 'fonts')}</dir>
  <cachedir>${join(fonts, 'cache')}</cachedir>
</fontconfig>
`;
  if ((await readFile(file, 'utf8')) !== config) await writeFile(file, config);
}

/** Runs in a child process whose temporary folder is `target`, because the package always unpacks there. */
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
