import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import { type BrowserService, launchBrowser } from '../../host/browser.ts';
import { results } from '../../host/paths.ts';
import { Host } from './host.ts';
import { Window } from './window.ts';
import { createWorkspace, type WorkspaceOptions } from './workspace.ts';

export interface OpenOptions extends WorkspaceOptions {
  /** VS Code's display language as extensions see it (`de`). VS Code's own strings stay English. */
  locale?: string;
}

/** The objects that are passed to an end-to-end test. */
export interface Fixtures {
  host: Host;
  /** The browser context. Its storage (secrets, for example) is cleared after the test, but its cache is kept. */
  context: BrowserContext;
  /** Runs a script in every page of this test before the page's own scripts. */
  addInitScript: (script: (arg: string) => void, arg?: string) => Promise<void>;
  /** Creates a workspace and opens a window on it. */
  open: (options?: OpenOptions) => Promise<Window>;
}

export interface TestOptions {
  /** Whether CI repeats the test when a wait times out. False if such a timeout can mean a lost result. */
  canRetry?: boolean;
}

const cleanups: (() => Promise<unknown>)[] = [];

/** Registers a cleanup function for something that the tests of this process share. */
export function onEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** Runs all cleanups, even when one fails. */
export const end = () => Promise.allSettled(cleanups.map(cleanup => cleanup()));

// node:test calls this as soon as no tests are left, but a worker of run.ts may still get another file.
after(async () => {
  if (!process.connected) await end();
});

// All tests of a process share one server and one browser, started by the first test.
let shared: { host: Promise<Host>; browser: Promise<BrowserService> } | undefined;

function start(): NonNullable<typeof shared> {
  const started = { host: Host.start(), browser: launchBrowser() };
  // Under run.ts, the run ends when the host or the browser ends.
  for (const service of [started.host, started.browser])
    service.then(({ failed }) => failed).catch(error => process.send?.(String(error)));
  return started;
}

onEnd(async () => (await shared?.host)?.stop());
onEnd(async () => (await shared?.browser)?.stop());

/** The tests of this process. Each promise resolves when its test has ended. */
export const running: Promise<void>[] = [];

/**
 * Defines an end-to-end test, which controls a real VS Code with the packaged extension as a user would. Each test has
 * its own workspace, settings, extension storage, and browser storage. A failure leaves screenshots and logs in
 * `out/results/<test>/`. `MAGIC_HOUR_TRACE=1` adds a Playwright trace.
 *
 * On a busy machine, the workbench sometimes ignores a click. In CI, a test whose wait timed out therefore runs again,
 * and `npm test` lists it as flaky. A failed assertion is final.
 */
export function e2e(
  name: string,
  body: (fixtures: Fixtures) => Promise<void>,
  { canRetry = true }: TestOptions = {},
): void {
  const retries = canRetry && process.env['CI'] !== undefined;
  const finished = test(name, { timeout: longest }, async t => {
    try {
      await perform(name, body);
    } catch (error) {
      if (!retries || !isTimeout(error)) throw error;
      await perform(name, body);
      t.diagnostic(`flaky: ${name}: ${String(error).split('\n')[0]}`);
    }
  });
  running.push(finished);
}

/** A test that takes longer than this many milliseconds hangs. Each wait also has its own limit. */
const longest = 600_000;

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && ['TimeoutError', 'WaitTimeoutError'].includes(error.name);

async function perform(name: string, body: (fixtures: Fixtures) => Promise<void>): Promise<void> {
  shared ??= start();
  const [host, service] = await Promise.all([shared.host, shared.browser]);
  // If the host or the browser has died, this test and all later ones fail immediately.
  await Promise.race([host.failed, service.failed, performIn(host, service, name, body)]);
}

async function performIn(
  host: Host,
  service: BrowserService,
  name: string,
  body: (fixtures: Fixtures) => Promise<void>,
): Promise<void> {
  const { context } = service;
  await host.reset();
  await clearStorage(context, host.url);
  context.setDefaultTimeout(30_000);
  const trace = process.env['MAGIC_HOUR_TRACE'] !== undefined;
  if (trace) await context.tracing.start({ screenshots: true, snapshots: true });

  const initScripts = [await context.addInitScript(giveIdleTime)];
  const addInitScript: Fixtures['addInitScript'] = async (script, arg = '') => {
    initScripts.push(await context.addInitScript(script, arg));
  };
  let passed = false;
  try {
    await body({
      host,
      context,
      addInitScript,
      open: async ({ locale, ...options } = {}) => {
        if (locale) await addInitScript(setLanguage, locale);
        return Window.open(context, host, await createWorkspace(host, options));
      },
    });
    passed = true;
  } finally {
    if (!passed || trace) await keepEvidence(name, host, context, trace);
    for (const script of initScripts) await script.dispose();
    for (const page of windowPages(context)) await page.close();
  }
}

/** The first page stays open and blank, because the browser exits when its last page closes. */
const windowPages = (context: BrowserContext) => context.pages().slice(1);

/** Clears everything the browser stores for VS Code, but not its cache. */
async function clearStorage(context: BrowserContext, origin: string): Promise<void> {
  const devtools = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
  const storageTypes = 'cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage';
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await devtools.detach();
}

/**
 * Gives each idle callback the 50 ms that it would have on an idle machine. VS Code creates some features (the list of
 * logs, for example) in idle time. Without idle time it creates only one per callback, so on a busy machine they can be
 * missing for a minute.
 */
function giveIdleTime(): void {
  const request = window.requestIdleCallback.bind(window);
  window.requestIdleCallback = (callback, options) =>
    request(deadline => {
      const end = performance.now() + 50;
      callback({
        didTimeout: deadline.didTimeout,
        timeRemaining: () => Math.max(deadline.timeRemaining(), end - performance.now()),
      });
    }, options);
}

/** Makes the workbench report this display language to extensions, without a language pack for its own strings. */
function setLanguage(language: string): void {
  // Without a setter, the page's own assignment would throw.
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set() {} });
}

async function keepEvidence(
  name: string,
  host: Host,
  context: BrowserContext,
  trace: boolean,
): Promise<void> {
  const folder = join(results, name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80));
  await mkdir(folder, { recursive: true });
  for (const [index, page] of windowPages(context).entries()) {
    await page.screenshot({ path: join(folder, `window-${index + 1}.png`) }).catch(() => undefined);
  }
  if (trace) await context.tracing.stop({ path: join(folder, 'trace.zip') });
  const logs = [...(await host.readLogs())].map(([file, text]) => `==> ${file}\n${text}\n`);
  await writeFile(join(folder, 'logs.txt'), logs.join('\n'));
  console.error(`${name}: screenshots and logs are in ${folder}`);
}
