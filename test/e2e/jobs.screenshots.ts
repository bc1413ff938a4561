import { until } from './harness/until.ts';
import type { Window } from './harness/window.ts';
import { waitForText } from './support/form.ts';
import { longRunTimes } from './support/runTimes.ts';
import { key, scenario, submit, submitButton, writeRunTimes } from './support/scenario.ts';
import { takeScreenshots, takeZoomedScreenshot } from './support/screenshots.ts';
import { menuItem, text, textLike } from './support/text.ts';

const anna = 'portraits/anna.png';
const photos = [anna, 'portraits/ben.jpg', 'portraits/Zoë #1 100%.webp'] as const;

async function openForm(window: Window, command: string, ...paths: readonly string[]): Promise<void> {
  await window.explorer.select(...paths);
  await window.explorer.choose(paths[0] ?? '', 'Magic Hour', menuItem(command));
}

const rendering = (window: Window) =>
  waitForText(window.form(), textLike('form.phasePercent', { phase: text('phase.waiting') }));

scenario('screenshots of an image from the job to the result', async ({ api, host, openSignedIn }) => {
  await writeRunTimes(host, longRunTimes);
  const window = await openSignedIn();
  await window.clearNotifications();
  const form = window.form();
  await openForm(window, 'createHeadshot', anna);
  api.control.configure({ clock: 'manual' });
  await submit(window);
  await rendering(window);
  await takeScreenshots(window, 'headshot-running');
  await takeScreenshots(window, 'status-bar', {
    widths: ['wide'],
    async show() {
      const hover = window.page.locator('.workbench-hover').getByText(text('status.estimates'));
      // If a hover appears while the item changes, it disappears again.
      await until('the hover of the status bar item', async () => {
        await window.explorer.row('README.md').hover();
        await window.statusBar.hover();
        await hover.waitFor({ timeout: 4000 });
        return hover.isVisible();
      });
    },
  });
  for (const { id } of api.control.projects()) api.control.complete(id);
  await form.getByRole('img', { name: text('form.resultAlt') }).waitFor();
  await takeScreenshots(window, 'headshot-result');
  await takeZoomedScreenshot(window, 'headshot-result');

  api.control.configure({ clock: 'real' });
  await openForm(window, 'removeBackground', anna);
  await form.getByRole('button', { name: text('backgroundRemover.submit') }).click();
  await form.getByRole('img', { name: text('form.resultAlt') }).waitFor();
  await takeScreenshots(window, 'background-remover-result');
  await form.getByRole('button', { name: text('form.showOriginal') }).click();
  await takeScreenshots(window, 'background-remover-original', { in: ['light'] });

  await openForm(window, 'colorizePhoto', 'old-photos/ruth.jpg');
  await form.getByRole('button', { name: text('photoColorizer.submit') }).click();
  await form.getByLabel(text('form.compare')).waitFor();
  await takeScreenshots(window, 'photo-colorizer-result');
  await takeScreenshots(window, 'use-in', {
    async show() {
      await form.getByRole('button', { name: text('action.useIn') }).click();
      await window.quickInput.waitFor(text('action.useIn'));
      return () => window.quickInput.dismiss();
    },
  });
});

scenario(
  'screenshots of a talking photo from the job to the result, and of failures',
  async ({ api, host, openSignedIn }) => {
    await writeRunTimes(host, longRunTimes);
    const window = await openSignedIn();
    await window.clearNotifications();
    const form = window.form();
    await openForm(window, 'createTalkingPhoto', anna, 'voices/anna.mp3');
    // Wait until the end of the clip has been filled in.
    await form.locator('.wave[data-waveform="done"]').waitFor();
    await form.getByLabel(text('field.end'), { exact: true }).fill('9.25');
    api.control.configure({ clock: 'manual' });
    await submit(window);
    await rendering(window);
    await takeScreenshots(window, 'talking-photo-running');
    for (const { id } of api.control.projects()) api.control.complete(id);
    await form.locator('video').waitFor();
    await takeScreenshots(window, 'talking-photo-result');
    api.control.configure({ clock: 'real' });

    const fails = async (name: string, heading: string) => {
      await openForm(window, 'createHeadshot', anna);
      await submit(window);
      await waitForText(form, heading);
      await window.clearNotifications();
      await takeScreenshots(window, name);
    };
    api.control.plan({
      status: 'error',
      error: { code: 'no_source_face', message: 'Please use an image with a detectable face' },
    });
    await fails('no-face', text('form.notCreated'));
    api.control.fault({ operation: 'createHeadshot', action: { kind: 'reset', when: 'after' } });
    await fails('unanswered', text('phase.unknown'));
    api.control.setAccount({ credits: 20 });
    await fails('out-of-credits', text('form.notCreated'));
    api.control.revokeKey(key);
    await fails('blocked', text('phase.blocked'));
  },
);

scenario('screenshots of a batch', async ({ api, host, openSignedIn }) => {
  await writeRunTimes(host, longRunTimes);
  // Run one job at a time, so that the projects are in the order of the photos.
  const window = await openSignedIn({ settings: { 'magicHour.maxConcurrentJobs': 1 } });
  await window.clearNotifications();
  const form = window.form();
  api.control.configure({ clock: 'manual' });
  await openForm(window, 'createHeadshot', ...photos);
  await submitButton(form).click();
  await api.control.waitFor('create', 3);
  const [first, ...others] = api.control.projects();
  api.control.complete(first?.id ?? '');
  await waitForText(form, text('form.doneSome', { saved: 1, count: 3 }));
  await takeScreenshots(window, 'batch-running');
  api.control.fail(others[0]?.id ?? '', 'no_source_face', 'Please use an image with a detectable face');
  api.control.complete(others[1]?.id ?? '');
  await waitForText(form, text('form.someFailed', { saved: 2, count: 3, failed: 1 }));
  await form.getByRole('button', { name: text('action.chooseImage') }).waitFor();
  await takeScreenshots(window, 'batch-failed');

  api.control.configure({ clock: 'real' });
  await openForm(window, 'createHeadshot', ...photos);
  await submitButton(form).click();
  await waitForText(form, text('form.doneMany', { count: 3 }));
  await takeScreenshots(window, 'batch-result');
  await form.getByRole('button', { name: /^ben-headshot/ }).click();
  await form.getByRole('img', { name: text('form.resultAlt') }).waitFor();
  await takeScreenshots(window, 'batch-large');

  api.control.revokeKey(key);
  await openForm(window, 'createHeadshot', ...photos);
  await submitButton(form).click();
  await waitForText(form, text('form.jobCount', { count: 3 }));
  await window.clearNotifications();
  await takeScreenshots(window, 'batch-blocked');
});
