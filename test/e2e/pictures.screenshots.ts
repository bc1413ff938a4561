import { tools } from '../../src/tools/index.ts';
import type { Theme, Window } from './harness/window.ts';
import { resultInForm } from './support/form.ts';
import { openTool, videoFile } from './support/openTool.ts';
import { scenario, submit, submitButton } from './support/scenario.ts';
import { aboutCredits, balance, menuItem, text } from './support/text.ts';

const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 760, height: 900 } } as const;

/** Takes screenshots in every theme and at two widths: `<name>-<width>-<theme>.png`. */
async function takeScreenshots(window: Window, name: string): Promise<void> {
  for (const theme of themes) {
    await window.setTheme(theme);
    for (const [width, size] of Object.entries(widths)) {
      await window.page.setViewportSize(size);
      await window.screenshot(`${name}-${width}-${theme}`);
    }
    await window.page.setViewportSize(widths.wide);
  }
}

scenario(
  'screenshots of the menu and of a headshot from the form to the result',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.clearNotifications();
    for (const theme of themes) {
      await window.setTheme(theme);
      await window.explorer.rightClick('portraits/anna.png');
      await window.explorer.menuItem('Magic Hour').hover();
      await window.explorer.menuItem(menuItem('createHeadshot')).waitFor();
      await window.screenshot(`menu-wide-${theme}`);
      await window.explorer.closeMenu();
    }
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await window.form().getByText(balance('50')).waitFor();
    await takeScreenshots(window, 'headshot-form');

    api.control.configure({ clock: 'manual' });
    await submit(window);
    await window.statusBar.getByText(text('phase.waiting')).waitFor();
    await takeScreenshots(window, 'headshot-running');
    const [project] = api.control.projects();
    api.control.complete(project?.id ?? '');
    await resultInForm(window, 'anna-headshot.png');
    await window.clearNotifications();
    await window
      .form()
      .getByRole('button', { name: text('form.createAnother') })
      .waitFor();
    await takeScreenshots(window, 'headshot-result');
  },
  { timeout: 240_000 },
);

scenario(
  'screenshots of a talking photo: form, invalid input, failure and result',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.clearNotifications();
    await window.explorer.select('portraits/anna.png', 'voices/anna.mp3');
    await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    await form.getByLabel(text('field.start'), { exact: true }).fill('2.5');
    await form.getByLabel(text('field.end'), { exact: true }).fill('9.25');
    await form.getByText(aboutCredits('324')).first().waitFor();
    await takeScreenshots(window, 'talking-photo-form');

    await form.getByLabel(text('field.end'), { exact: true }).fill('1');
    await submit(window);
    await form.getByText(text('form.endBeforeStart')).waitFor();
    await takeScreenshots(window, 'talking-photo-mistake');
    await form.getByLabel(text('field.end'), { exact: true }).fill('9.25');

    api.control.plan({
      status: 'error',
      error: { code: 'no_source_face', message: 'Please use an image with a detectable face' },
    });
    await submit(window);
    await window.form().getByText(/face/).first().waitFor();
    await window.clearNotifications();
    await takeScreenshots(window, 'talking-photo-failed');
    await form.getByRole('button', { name: text('form.createAnother') }).click();
    await submitButton(form).click();
    await resultInForm(window, 'anna-talking-photo.mp4');
    await window.clearNotifications();
    await takeScreenshots(window, 'talking-photo-result');
  },
  { timeout: 240_000 },
);

scenario('screenshots of the forms of other tools', async ({ openSignedIn }) => {
  const window = await openSignedIn({ files: videoFile });
  await window.clearNotifications();
  for (const tool of tools) {
    if (tool.group === 'portrait') continue;
    await openTool(window, tool);
    const name = tool.id.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    await window.screenshot(`${name}-form-wide`, 'dark', 'light');
  }
});
