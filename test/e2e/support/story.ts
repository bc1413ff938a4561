import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { startFakeApi } from '../../fake-api/server.ts';
import { e2e, type OpenOptions, type Stage } from '../harness/e2e.ts';
import type { Window } from '../harness/window.ts';

export const key = 'mhk_live_test';

type FakeApi = Awaited<ReturnType<typeof startFakeApi>>;

/** What a story is told with: a stage, and the API behind it. */
export interface Telling extends Omit<Stage, 'open'> {
  readonly api: FakeApi;
  /** A window whose extension talks to the fake API. */
  readonly open: (options?: OpenOptions) => Promise<Window>;
  /** The same, with the key already entered by its command. */
  readonly openSignedIn: (options?: OpenOptions) => Promise<Window>;
}

let shared: Promise<FakeApi> | undefined;

after(async () => {
  await (await shared?.catch(() => undefined))?.close();
});

/** An end-to-end test with the fake API; what the extension did wrong on the wire fails it. */
export function story(
  name: string,
  tell: (telling: Telling) => Promise<void>,
  options: { timeout?: number } = {},
): void {
  e2e(
    name,
    async stage => {
      const api = await (shared ??= startFakeApi({
        behaviour: { renderMs: { headshot: 300, talkingPhoto: 600 } },
      }));
      api.control.reset();
      const open = (more: OpenOptions = {}) => stage.open({ apiUrl: api.apiUrl, ...more });
      await tell({
        host: stage.host,
        context: stage.context,
        api,
        open,
        openSignedIn: async more => {
          const window = await open(more);
          await signIn(window);
          return window;
        },
      });
      assert.deepEqual(api.control.violations, [], 'the API was used as documented');
    },
    options,
  );
}

/** Enters the key by the command, as a person does. */
export async function signIn(window: Window, secret = key): Promise<void> {
  await window.quickInput.command('Magic Hour: Set API Key…');
  await window.quickInput.waitFor(/Magic Hour API Key/);
  await window.quickInput.answer(secret);
  await window.dismissNotification(/key has been stored/);
}

/** The button that pays. */
export const submitButton = (form: FrameLocator) =>
  form.getByRole('button', { name: /^Create (\d+ )?(headshot|talking photo)s?$/ });

/** Waits until the form's button can be pressed, and presses it. */
export async function submit(window: Window): Promise<void> {
  await submitButton(window.form()).click();
}
