import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { type BrowserService, launchBrowser } from '../../host/browser.ts';
import { results } from '../../host/paths.ts';
import { Host } from './host.ts';
import { Window } from './window.ts';
import { createWorkspace, type WorkspaceOptions } from './workspace.ts';

export interface OpenOptions extends WorkspaceOptions {
  /** VS Code's display language as extensions see it (`de`). VS Code's own strings stay English. */
  locale?: string;
}

/** What an end-to-end test works with. */
export interface Fixtures {
  host: Host;
  /** This test's own browser context: what the browser stores (secrets, for example) ends with the test. */
  context: BrowserContext;
  /** Creates a workspace and opens a window on it. */
  open: (options?: OpenOptions) => Promise<Window>;
}

export interface TestOptions {
  /** Milliseconds the test may take. */
  timeout?: number;
  /** Whether CI repeats the test when a wait times out. False where such a timeout can mean a lost result. */
  canRetry?: boolean;
}

// All tests of a process share one server and one browser, started by the first test.
let shared: { host: Promise<Host>; browser: Promise<BrowserService> } | undefined;

// Each is stopped even if the other didn't start.
after(() =>
  Promise.allSettled([
    shared?.host.then(host => host.stop()),
    shared?.browser.then(browser => browser.stop()),
  ]),
);

/**
 * An end-to-end test: a person in front of a real VS Code with the packaged extension. Each test has its own workspace,
 * settings, extension storage and browser storage. A failure leaves screenshots and logs in `out/results/<test>/`;
 * `MAGIC_HOUR_TRACE=1` adds a Playwright trace.
 *
 * On a busy machine the workbench sometimes ignores a click. So in CI a test whose wait timed out runs once more, and
 * `npm test` lists it as flaky. A failed assertion is final.
 */
export function e2e(
  name: string,
  body: (fixtures: Fixtures) => Promise<void>,
  { timeout = 90_000, canRetry = true }: TestOptions = {},
): void {
  const retries = canRetry && process.env['CI'] !== undefined;
  test(name, { timeout: timeout * (retries ? 2 : 1) }, async t => {
    try {
      await perform(name, body);
    } catch (error) {
      if (!retries || !isTimeout(error)) throw error;
      await perform(name, body);
      t.diagnostic(`flaky: ${name}: ${String(error).split('\n')[0]}`);
    }
  });
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && ['TimeoutError', 'WaitTimeoutError'].includes(error.name);

async function perform(name: string, body: (fixtures: Fixtures) => Promise<void>): Promise<void> {
  shared ??= { host: Host.start(), browser: launchBrowser() };
  const [host, service] = await Promise.all([shared.host, shared.browser]);
  // Once one of them has died, this test and those after it fail at once.
  await Promise.race([host.failed, service.failed, performIn(host, service.browser, name, body)]);
}

async function performIn(
  host: Host,
  browser: Browser,
  name: string,
  body: (fixtures: Fixtures) => Promise<void>,
): Promise<void> {
  await host.reset();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  const trace = process.env['MAGIC_HOUR_TRACE'] !== undefined;
  if (trace) await context.tracing.start({ screenshots: true, snapshots: true });

  let passed = false;
  try {
    await body({
      host,
      context,
      open: async ({ locale, ...options } = {}) => {
        if (locale) await setLanguage(context, locale);
        return Window.open(context, host, await createWorkspace(host, options));
      },
    });
    passed = true;
  } finally {
    if (!passed || trace) await keepEvidence(name, host, context, trace);
    await context.close();
  }
}

/** Makes the workbench report this display language to extensions, without a language pack for its own strings. */
async function setLanguage(context: BrowserContext, locale: string): Promise<void> {
  await context.addInitScript(language => {
    // Without a setter, the page's own assignment would throw.
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set() {} });
  }, locale);
}

async function keepEvidence(
  name: string,
  host: Host,
  context: BrowserContext,
  trace: boolean,
): Promise<void> {
  const folder = join(results, name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80));
  await mkdir(folder, { recursive: true });
  for (const [index, page] of context.pages().entries()) {
    await page.screenshot({ path: join(folder, `window-${index + 1}.png`) }).catch(() => undefined);
  }
  if (trace) await context.tracing.stop({ path: join(folder, 'trace.zip') });
  const logs = [...(await host.readLogs())].map(([file, text]) => `==> ${file}\n${text}\n`);
  await writeFile(join(folder, 'logs.txt'), logs.join('\n'));
  console.error(`${name}: screenshots and logs are in ${folder}`);
}
