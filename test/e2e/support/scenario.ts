import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { startFakeApi } from '../../fake-api/server.ts';
import { e2e, onEnd, type Fixtures, type OpenOptions, type TestOptions } from '../harness/e2e.ts';
import type { Host } from '../harness/host.ts';
import type { Window } from '../harness/window.ts';
import { quickRunTimes } from './runTimes.ts';
import { paletteItem, text, textLike } from './text.ts';

export const key = 'mhk_live_test';

type FakeApi = Awaited<ReturnType<typeof startFakeApi>>;

/** The objects that are passed to a test with the fake API. */
export interface ScenarioFixtures extends Omit<Fixtures, 'open'> {
  readonly api: FakeApi;
  /** Opens a window whose extension uses the fake API. */
  readonly open: (options?: OpenOptions) => Promise<Window>;
  /** Opens a window that uses the fake API and already has the API key. */
  readonly openSignedIn: (options?: OpenOptions) => Promise<Window>;
}

let shared: Promise<FakeApi> | undefined;

/**
 * The encrypted secrets that VS Code stores in this process's browser. Set once a test has signed in with the command.
 */
let secrets: string | undefined;

/** Stores the key before a window is loaded, unlike {@link signIn}. */
function setSecrets(secrets: string): void {
  if (top === self && localStorage.getItem('secrets.provider') === null)
    localStorage.setItem('secrets.provider', secrets);
}

onEnd(async () => (await shared)?.close());

/** An end-to-end test with the fake API. It also fails if the extension uses the API in an undocumented way. */
export function scenario(
  name: string,
  body: (fixtures: ScenarioFixtures) => Promise<void>,
  options?: TestOptions,
): void {
  e2e(
    name,
    async fixtures => {
      const api = await (shared ??= startFakeApi({
        behavior: { renderMs: { headshot: 300, talkingPhoto: 600 }, photos: true },
      }));
      api.control.reset();
      await writeRunTimes(fixtures.host, quickRunTimes);
      const open = (more: OpenOptions = {}) => fixtures.open({ apiUrl: api.apiUrl, ...more });
      await body({
        ...fixtures,
        api,
        open,
        openSignedIn: async more => {
          if (secrets !== undefined) {
            await fixtures.addInitScript(setSecrets, secrets);
            return open(more);
          }
          const window = await open(more);
          await signIn(window);
          secrets = await window.page.evaluate(() => localStorage.getItem('secrets.provider') ?? undefined);
          return window;
        },
      });
      assert.deepEqual(api.control.violations, [], 'the API was used as documented');
    },
    options,
  );
}

/** Records how long earlier jobs took. Call this before opening a window. */
export async function writeRunTimes(host: Host, runTimes: string): Promise<void> {
  const folder = join(host.globalStorage, 'jobs');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run-times.json'), runTimes);
}

/** Sets the API key with the command. */
export async function signIn(window: Window, secret = key): Promise<void> {
  await window.quickInput.command(paletteItem('setApiKey'));
  await window.quickInput.waitFor(text('editor.keyTitle'));
  await window.quickInput.answer(secret);
  await window.dismissNotification(text('editor.keyStored'));
}

/** The form's submit button. */
export const submitButton = (form: FrameLocator) => form.getByRole('button', { name: submitLabels });

const submitLabels = new RegExp(
  (['headshot', 'talkingPhoto'] as const)
    .flatMap(tool => [textLike(`${tool}.submit`), textLike(`${tool}.submitMany`)])
    .map(({ source }) => `^${source}$`)
    .join('|'),
);

/** Submits the form as soon as its submit button is enabled. */
export async function submit(window: Window): Promise<void> {
  await submitButton(window.form()).click();
}
