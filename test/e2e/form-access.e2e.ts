import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame } from 'playwright-core';
import { root } from '../host/paths.ts';
import { until } from './harness/until.ts';
import type { Theme, Window } from './harness/window.ts';
import { frameOf, waitForText } from './support/form.ts';
import { scenario } from './support/scenario.ts';
import { aboutCredits, balance, menuItem, text, textLike } from './support/text.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface WithAxe {
  readonly axe: { run(options: RunOptions): Promise<AxeResults> };
}

const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];

/** The rules whose findings depend on the theme. */
const colorRules = ['color-contrast', 'link-in-text-block'];

/** Runs axe with these rules (all by default) and returns each finding's rule, elements, and reasons. */
async function findings(frame: Frame, runOnly?: string[]): Promise<string[]> {
  const isLoaded = await frame.evaluate(() => 'axe' in globalThis);
  if (!isLoaded) await frame.evaluate(axe);
  const { violations } = await frame.evaluate(
    options => (globalThis as unknown as WithAxe).axe.run(options),
    runOnly ? { runOnly } : {},
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/**
 * Compares the accessibility tree with `test/e2e/ariaSnapshots/<state>.yaml`. `MAGIC_HOUR_UPDATE_SNAPSHOTS=1`
 * updates the files. Review the changes before you commit them.
 */
async function assertAriaSnapshot(frame: Frame, state: string): Promise<void> {
  const snapshot = await frame.locator('main').ariaSnapshot();
  // A job's progress and elapsed time differ from run to run.
  const actual = `${snapshot.replace(/Rendering… \d+% \d:\d\d/, 'Rendering… <percent> <time>').replace(/than usual \(.+?\)/, 'than usual (<time>)')}\n`;
  const file = join(root, 'test', 'e2e', 'ariaSnapshots', `${state}.yaml`);
  if (process.env['MAGIC_HOUR_UPDATE_SNAPSHOTS']) await writeFile(file, actual);
  assert.equal(actual, await readFile(file, 'utf8'), state);
}

/** Opens a form in its own editor group. The first four groups are in a row, the others below them. */
async function openBeside(window: Window, open: () => Promise<void>): Promise<Frame> {
  const webviews = window.page.locator('iframe.webview.ready').filter({ visible: true });
  const before = await webviews.count();
  if (before > 0) {
    // In document order, the lower group of a column comes right after the upper one.
    const upper = window.page.locator('.editor-group-container').nth((before - 4) * 2);
    if (before > 3) await upper.locator('.tab').click();
    await window.quickInput.command(`View: New Editor Group ${before > 3 ? 'Below' : 'to the Right'}`);
    // The previous form takes the focus when it's ready, and the next form would open there.
    await until('the new group to be active', async () => {
      await window.page.locator('.editor-group-container.empty').click();
      return window.page.locator('.editor-group-container.empty.active').isVisible();
    });
  }
  await open();
  await until('another form', async () => (await webviews.count()) === before + 1);
  const frame = await frameOf(window.form());
  await frame.locator('h1').waitFor();
  return frame;
}

scenario(
  'is completely accessible to a screen reader, and axe finds nothing in any theme',
  async fixtures => {
    const { api } = fixtures;
    const window = await fixtures.openSignedIn();
    // All forms are side by side, so that each theme is set only once.
    await window.page.setViewportSize({ width: 2200, height: 1500 });
    const choose =
      (tool: string, ...paths: [string, ...string[]]) =>
      async () => {
        await window.explorer.select(...paths);
        await window.explorer.choose(paths[0], 'Magic Hour', tool);
      };
    const states = new Map<string, Frame>();
    const check = async (state: string, frame: Frame) => {
      await assertAriaSnapshot(frame, state);
      states.set(state, frame);
    };

    const empty = await openBeside(window, choose(menuItem('createTalkingPhoto'), 'portraits/anna.png'));
    await empty.getByRole('button', { name: text('form.removeFile', { name: 'anna.png' }) }).click();
    await empty.getByText(text('form.noImage')).waitFor();
    await check('empty', empty);

    const filled = await openBeside(
      window,
      choose(menuItem('createTalkingPhoto'), 'portraits/anna.png', 'voices/anna.mp3'),
    );
    await filled.locator('.wave[data-waveform="done"]').waitFor();
    await filled.getByLabel(text('field.mode')).selectOption('prompted');
    await check('filled', filled);

    const several = await openBeside(
      window,
      choose(menuItem('createHeadshot'), 'portraits/anna.png', 'portraits/ben.jpg'),
    );
    await several.getByText(balance('100')).waitFor();
    await check('several', several);

    const failed = await openBeside(window, choose(menuItem('createHeadshot'), 'portraits/ben.jpg'));
    api.control.plan({
      status: 'error',
      error: { code: 'no_source_face', message: 'Please use an image with a detectable face' },
    });
    await failed.getByRole('button', { name: text('headshot.submit') }).press('Enter');
    await failed.getByText(text('form.notCreated')).waitFor();
    await check('failed', failed);

    const done = await openBeside(window, choose(menuItem('createHeadshot'), 'portraits/anna.png'));
    await done.getByRole('button', { name: text('headshot.submit') }).press('Enter');
    await done.getByRole('img', { name: text('form.resultAlt') }).waitFor();
    await check('done', done);

    const running = await openBeside(window, choose(menuItem('createHeadshot'), 'portraits/anna.png'));
    api.control.configure({ clock: 'manual' });
    await running.getByRole('button', { name: text('headshot.submit') }).press('Enter');
    // Wait until the job has taken longer than the previous one.
    await running.getByText(textLike('form.timeLate')).waitFor();
    await check('running', running);

    const error = await openBeside(
      window,
      choose(menuItem('createTalkingPhoto'), 'portraits/anna.png', 'voices/anna.mp3'),
    );
    await error.locator('.wave[data-waveform="done"]').waitFor();
    await error.getByRole('spinbutton', { name: text('field.end') }).fill('0');
    await error.getByLabel(text('field.maxResolution')).fill('much');
    await error.getByRole('button', { name: text('talkingPhoto.submit') }).press('Enter');
    await error.getByText(text('form.endBeforeStart')).waitFor();
    await check('error', error);

    await window.clearNotifications();
    // Verifies that axe reports a known problem.
    await empty.evaluate(() => document.querySelector('main')?.append(new Image(9, 9)));
    assert.match((await findings(empty)).join(), /image-alt/);
    await empty.evaluate(() => document.querySelector('main > img')?.remove());

    const found: string[] = [];
    for (const [index, theme] of themes.entries()) {
      await window.setTheme(theme);
      await window.screenshot(`states-${theme}`);
      for (const [state, frame] of states) {
        const findingsInTheme = await findings(frame, index === 0 ? undefined : colorRules);
        found.push(...findingsInTheme.map(finding => `${state}, ${theme}: ${finding}`));
      }
    }
    assert.deepEqual(found, []);
  },
);

/** The name of the focused element, and whether its focus ring is visible. */
async function focused(frame: Frame): Promise<{ name: string; isVisible: boolean }> {
  return frame.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return { name: '', isVisible: false };
    const labels = (element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map(id => document.getElementById(id));
    const isField =
      element instanceof HTMLInputElement ||
      element instanceof HTMLSelectElement ||
      element instanceof HTMLTextAreaElement;
    const label =
      element.getAttribute('aria-label') ??
      labels.find(label => label !== null)?.textContent ??
      (isField ? element.labels?.[0]?.textContent : undefined) ??
      element.textContent;
    // The ring can be on the element, on a part of it, or on the image below it.
    const rings = [
      getComputedStyle(element),
      getComputedStyle(element, '::after'),
      ...(element.parentElement ? [getComputedStyle(element.parentElement)] : []),
    ];
    // The browser's video controls draw a ring inside the video.
    const isVisible =
      element instanceof HTMLVideoElement ||
      rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && outlineWidth !== '0px');
    return { name: label.trim(), isVisible };
  });
}

scenario('creates a talking photo using only the keyboard', async ({ api, openSignedIn }) => {
  const window = await openSignedIn();
  await window.explorer.reveal('portraits/anna.png');
  const { keyboard } = window.page;
  const menu = window.page.locator('.monaco-menu');
  const focusedItem = window.page.locator('.monaco-menu .action-item.focused');
  await window.quickInput.command('File: Focus on Files Explorer');
  const row = window.page.locator('.explorer-folders-view .monaco-list-row.focused');
  await keyboard.press('Home');
  await until('anna.png to have the focus', async () => {
    if ((await row.innerText()).includes('anna.png')) return true;
    await keyboard.press('ArrowDown');
    return false;
  });
  await keyboard.press('Space');
  await keyboard.press('Shift+F10');
  await menu.first().waitFor();
  const toItem = async (name: string) =>
    until(`the menu at ${name}`, async () => {
      if (
        (
          await focusedItem
            .last()
            .innerText({ timeout: 500 })
            .catch(() => '')
        ).includes(name)
      )
        return true;
      await keyboard.press('ArrowDown');
      return false;
    });
  await toItem('Magic Hour');
  await keyboard.press('ArrowRight');
  await toItem(menuItem('createTalkingPhoto'));
  await keyboard.press('Enter');

  const form = window.form();
  await waitForText(form, 'anna.png');
  const frame = await frameOf(form);
  const visited: string[] = [];
  const withoutRing: string[] = [];
  /** Presses Tab until the control with this name has the focus. */
  const tabTo = async (name: string, key = 'Tab') => {
    for (let step = 0; step < 40; step++) {
      const { name: now, isVisible } = await focused(frame);
      if (now) visited.push(now);
      if (now && !isVisible) withoutRing.push(now);
      if (now === name) return;
      await keyboard.press(key);
    }
    assert.fail(`${name} wasn't reached: ${visited.join(', ')}`);
  };
  await tabTo(text('field.audio'));
  await keyboard.press('Enter');
  await window.quickInput.chooseFile(window.path('voices', 'anna.mp3'));
  await form.locator('.wave[data-waveform="done"]').waitFor();
  assert.equal((await focused(frame)).name, text('field.audio'), 'focus after the dialog');
  await tabTo(text('form.clipStart'));
  await keyboard.press('Shift+ArrowRight');
  await tabTo(text('form.clipEnd'));
  await keyboard.press('Shift+ArrowLeft');
  await tabTo(text('field.end'));
  assert.equal(await form.getByRole('spinbutton', { name: text('field.end') }).inputValue(), '11.96');
  await keyboard.type('0:04');
  await tabTo(text('field.mode'));
  await keyboard.press('ArrowDown');
  await waitForText(form, aboutCredits('72'));
  await tabTo(text('field.prompt'));
  await keyboard.type('Smiles');
  await tabTo(text('field.maxResolution'));
  await keyboard.type('0');
  await tabTo(text('talkingPhoto.submit'));
  await keyboard.press('Enter');
  assert.equal((await focused(frame)).name, text('field.maxResolution'), 'focus on the invalid field');
  // Avoid Ctrl+A, because VS Code also handles it and selects everything again a moment later.
  await keyboard.press('End');
  await keyboard.press('Shift+Home');
  await keyboard.type('720');
  await keyboard.press('ControlOrMeta+Enter');
  await waitForText(form, text('form.done'));
  await form.locator('video').waitFor();
  assert.equal((await focused(frame)).name, text('form.done'), 'focus on the heading of the results');
  await tabTo(text('action.open'));
  await tabTo(text('form.createAnother'));
  await keyboard.press('Enter');
  await until('the form again', async () => (await focused(frame)).name === text('talkingPhoto.title'));
  await tabTo(text('talkingPhoto.submit'));
  await tabTo(text('field.image'), 'Shift+Tab');
  assert.deepEqual(
    [...new Set(withoutRing)].filter(name => ![text('form.done'), text('talkingPhoto.title')].includes(name)),
    [],
    'focused elements without a ring; headings are only focused to be read',
  );
  const { assets: _, ...sent } = (api.control.creates()[0]?.body ?? {}) as Record<string, unknown>;
  assert.deepEqual(sent, {
    start_seconds: 1,
    end_seconds: 4,
    style: { generation_mode: 'prompted', prompt: 'Smiles' },
    max_resolution: 720,
  });
});
