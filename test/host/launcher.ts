/**
 * Replaces the desktop VS Code executable in an extension test run. Takes the flags that `runTests()` of
 * `@vscode/test-electron` passes, runs the tests in code-server's extension host, and exits with their exit code.
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, mkdir, rm } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { installCodeServer, noMarketplace } from './code-server.ts';
import { extensionHosts, freePort, startService } from './process.ts';

const flags = process.argv.slice(2);
const flag = (name: string): string | undefined => {
  const prefix = `--${name}=`;
  return flags.find(text => text.startsWith(prefix))?.slice(prefix.length);
};
const required = (name: string): string => {
  const value = flag(name);
  if (value === undefined) throw new Error(`--${name} is missing: this is for extension test runs only`);
  return value;
};

const extension = required('extensionDevelopmentPath');
const tests = required('extensionTestsPath');
const opened = flags.find(text => !text.startsWith('--'));
const userData = flag('user-data-dir');

const folder = await mkdtemp(join(tmpdir(), 'magic-hour-editor-'));
const data = join(folder, 'server');
const settings = join(userData ?? folder, 'User');
await mkdir(join(data, 'data'), { recursive: true });
if (existsSync(settings)) await cp(settings, join(data, 'data', 'User'), { recursive: true });

const product = await installCodeServer();
const port = await freePort();
const authority = `127.0.0.1:${port}`;
const server = await startService(
  'The VS Code server',
  [
    product.node,
    product.serverMain,
    '--host=127.0.0.1',
    `--port=${port}`,
    `--server-data-dir=${data}`,
    `--extensions-dir=${flag('extensions-dir') ?? join(folder, 'extensions')}`,
    '--telemetry-level=off',
    '--without-connection-token',
    '--accept-server-license-terms',
    // Without this flag, a built server doesn't read the payload below.
    '--enable-smoke-test-driver',
  ],
  `http://${authority}/version`,
  noMarketplace,
);
const browser = await launchBrowser();

try {
  process.exitCode = await Promise.race([run(), server.failed, browser.failed, extensionHostFailed()]);
} finally {
  await Promise.allSettled([browser.stop(), server.stop()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Runs the tests and returns their exit code. */
async function run(): Promise<number> {
  const { context } = browser;
  // The bare server lacks this route, and without the route secrets are lost on reload.
  const key = randomBytes(32);
  await context.route('**/mint-key', route => route.fulfill({ body: key }));
  const page = await context.newPage();

  const ended = Promise.withResolvers<number>();
  await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    (type === 'error' || type === 'warn' ? console.error : console.log)(...args);
  });
  page.on('crash', () => ended.reject(new Error('The workbench page crashed')));

  const remote = (path: string): string => `vscode-remote://${authority}${encodeURI(path)}`;
  const query = new URLSearchParams();
  if (opened) query.set(statSync(opened).isDirectory() ? 'folder' : 'workspace', opened);
  query.set(
    'payload',
    JSON.stringify([
      ['extensionDevelopmentPath', remote(extension)],
      ['extensionTestsPath', remote(tests)],
      ['skipWelcome', 'true'],
    ]),
  );
  await page.goto(`http://${authority}/?${query}`);
  return ended.promise;
}

/** Rejects if no extension host starts within a minute, or if the one that runs the tests has ended. */
async function extensionHostFailed(): Promise<never> {
  const startBy = Date.now() + 60_000;
  let testsRunIn: number | undefined;
  for (;;) {
    await setTimeout(500, undefined, { ref: false });
    const pids = extensionHosts(server);
    testsRunIn ??= pids[0];
    if (testsRunIn === undefined && Date.now() > startBy) {
      throw new Error(`No extension host started within a minute. The server said:\n${server.output()}`);
    }
    if (testsRunIn !== undefined && !pids.includes(testsRunIn)) {
      // The extension host also ends after the tests, at about the same time as their exit code arrives.
      await setTimeout(5000, undefined, { ref: false });
      throw new Error('The extension host ended before the tests did.');
    }
  }
}
