import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../../host/browser.ts';
import { results } from '../../host/paths.ts';
import { Host } from './host.ts';
import { Window } from './window.ts';
import { createWorkspace, type WorkspaceOptions } from './workspace.ts';

export interface OpenOptions extends WorkspaceOptions {
  /** VS Code's display language as extensions see it (`de`). VS Code's own texts stay English. */
  locale?: string;
}

/** What an end-to-end test is given. */
export interface Stage {
  host: Host;
  /** The browser context of this test: what it stores (secrets among it) goes with the test. */
  context: BrowserContext;
  /** Puts a workspace in place and opens a window on it. */
  open: (options?: OpenOptions) => Promise<Window>;
}

interface TestOptions {
  /** Milliseconds the test may take. */
  timeout?: number;
}

// One server and one browser for all tests of a file, from the first test on.
let shared: { host: Promise<Host>; browser: Promise<Browser> } | undefined;

// Each is ended although the other may not have come up.
after(() =>
  Promise.allSettled([
    shared?.host.then(host => host.stop()),
    shared?.browser.then(browser => browser.close()),
  ]),
);

/** Where a wait in vain would be a lost result, nothing is waited for again: such a file sets this to false. */
export const waiting = { again: process.env['CI'] !== undefined };

/**
 * An end-to-end test: a person in front of a real VS Code with the packaged extension. Each test has its own
 * workspace, settings, extension storage and browser storage. A failure leaves pictures and logs in
 * `out/results/<test>/`; `MAGIC_HOUR_TRACE=1` adds a Playwright trace.
 *
 * In CI something that was waited for in vain is waited for once more, from the beginning, and that is said: a busy
 * machine swallows clicks of the workbench. What an assertion denies is never tried again.
 */
export function e2e(name: string, body: (stage: Stage) => Promise<void>, options: TestOptions = {}): void {
  const timeout = (options.timeout ?? 90_000) * (waiting.again ? 2 : 1);
  void test(name, { ...options, timeout }, async () => {
    try {
      await perform(name, body);
    } catch (error) {
      if (!waiting.again || !isWaitedInVain(error)) throw error;
      console.error(`${name}: waited in vain, once more: ${String(error).split('\n')[0]}`);
      await perform(name, body);
    }
  });
}

const isWaitedInVain = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || / in vain for /.test(error.message));

async function perform(name: string, body: (stage: Stage) => Promise<void>): Promise<void> {
  shared ??= { host: Host.start(), browser: launchBrowser() };
  const [host, browser] = await Promise.all([shared.host, shared.browser]);
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
        if (locale) await speak(context, locale);
        return Window.open(context, host, await createWorkspace(host, options));
      },
    });
    passed = true;
  } finally {
    if (!passed || trace) await keepEvidence(name, host, context, trace);
    await context.close();
  }
}

/** Makes the workbench tell extensions that it runs in this language, without a language pack for its own texts. */
async function speak(context: BrowserContext, locale: string): Promise<void> {
  await context.addInitScript(language => {
    // A getter alone would make the page's own assignment throw.
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
  console.error(`${name}: see ${folder}`);
}
