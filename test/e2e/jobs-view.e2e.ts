import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { until } from './harness/until.ts';
import type { Window } from './harness/window.ts';
import { resultInForm } from './support/form.ts';
import { JobsView } from './support/jobsView.ts';
import { scenario, submit } from './support/scenario.ts';
import { menuItem, paletteItem, saved, text, textLike } from './support/text.ts';

const credits = text('jobs.credits', { credits: 50 });

/** Matches a row that contains these parts in this order. */
const rowLike = (...parts: string[]) => new RegExp(parts.join('.*'));

/** Submits a headshot of this image. */
async function submitHeadshot(window: Window, path: string): Promise<void> {
  await window.clearNotifications();
  await window.explorer.choose(path, 'Magic Hour', menuItem('createHeadshot'));
  await submit(window);
}

const closeEditors = (window: Window) => window.quickInput.command('View: Close All Editors');

scenario(
  'hides the jobs view until there’s a job, then lists each job with its actions',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    const view = new JobsView(window);
    assert.equal(await view.pane.count(), 0);

    await submitHeadshot(window, 'portraits/anna.png');
    await resultInForm(window, 'anna-headshot.png');
    await closeEditors(window);
    await view.expand();
    await view.row('anna.png').waitFor();
    assert.deepEqual(await view.groups(), [text('group.saved')]);
    await view.row(rowLike('anna.png', text('headshot.title'), credits)).waitFor();

    // Open and reveal the result.
    const anna = view.row('anna.png');
    assert.deepEqual(await view.inlineActions(anna), [menuItem('job.open'), menuItem('job.reveal')]);
    await view.press(anna, menuItem('job.open'));
    await window.tab('anna-headshot.png').waitFor();
    await view.press(anna, menuItem('job.reveal'));
    await window.explorer.row('portraits/anna-headshot.png').and(window.page.locator('.selected')).waitFor();

    // Retrying a failed job costs credits again, so the extension asks first.
    api.control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face' } });
    await submitHeadshot(window, 'portraits/ben.jpg');
    await view.row(rowLike('ben.jpg', text('project.noFace').slice(0, 20))).waitFor();
    assert.deepEqual(await view.groups(), [text('group.failed'), text('group.saved')]);
    await view.press(view.row('ben.jpg'), menuItem('job.retry'));
    await window
      .dialog(text('editor.retryQuestion', { name: 'ben.jpg' }))
      .getByRole('button', { name: text('editor.createAgain') })
      .click();
    await resultInForm(window, 'ben-headshot.png');

    // Test a running job, then a stopped one.
    api.control.configure({ clock: 'manual' });
    await closeEditors(window);
    await submitHeadshot(window, 'portraits/Zoë #1 100%.webp');
    await view.row(rowLike('Zoë #1 100%.webp', text('phase.waiting'))).waitFor();
    assert.deepEqual(await view.groups(), [text('group.working'), text('group.saved')]);
    await view.press(view.row('Zoë'), menuItem('job.stop'));
    await view.row(text('group.stopped')).click();
    await view.row(rowLike('Zoë #1 100%.webp', text('headshot.title'))).waitFor();

    // Copy the ID, delete the result from the library, and remove the job.
    await view.choose(view.row('Zoë'), menuItem('job.copyId'));
    const [, , , project] = api.control.projects();
    await view.choose(view.row('Zoë'), menuItem('job.deleteOnServer'));
    await window
      .dialog(textLike('editor.deleteQuestion'))
      .getByRole('button', { name: text('editor.delete') })
      .click();
    await until('the project to be deleted', () => api.control.projects()[3]?.deleted);
    assert.ok(project);
    await view.choose(view.row('Zoë'), menuItem('job.remove'));
    await view.row('Zoë').waitFor({ state: 'detached' });

    // Test the quick pick of the status bar and the exported history.
    await window.quickInput.command(paletteItem('showJobs'));
    await window.quickInput.pick(/anna\.png/);
    await window.quickInput.row(text('action.reveal')).waitFor();
    await window.quickInput.dismiss();
    await window.quickInput.command(paletteItem('exportHistory'));
    const file = window.path('magic-hour-history.csv');
    const csv = await until('the exported file', async () => {
      // The dialog suggests this name once it has listed the folder.
      if ((await window.quickInput.field.inputValue({ timeout: 500 }).catch(() => '')) === file)
        await window.quickInput.accept();
      return readFile(file, 'utf8').catch(() => undefined);
    });
    assert.match(csv, /^created,ended,tool,name,state,credits,project,earlierProjects,results,inputs\r\n/);
    assert.equal(csv.trim().split('\r\n').length, 4);
    assert.match(csv, /headshot,,saved,50,/);
  },
);

scenario('counts a question in the jobs view, and answers it from its row', async ({ api, openSignedIn }) => {
  const window = await openSignedIn();
  const view = new JobsView(window);
  await submitHeadshot(window, 'portraits/anna.png');
  await resultInForm(window, 'anna-headshot.png');
  api.control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face' } });
  await closeEditors(window);
  await view.expand();
  await submitHeadshot(window, 'portraits/ben.jpg');
  await view.row(rowLike('ben.jpg', text('project.noFace').slice(0, 20))).waitFor();
  await closeEditors(window);

  api.control.fault({ operation: 'createHeadshot', action: { kind: 'reset', when: 'after' } });
  await submitHeadshot(window, 'portraits/Zoë #1 100%.webp');
  await view.row(text('group.asking')).waitFor();
  await closeEditors(window);
  assert.deepEqual(await view.groups(), [text('group.asking'), text('group.failed'), text('group.saved')]);
  await window.page.locator('.activitybar .badge-content').filter({ hasText: '1' }).waitFor();

  await window.clearNotifications();
  await view.pane.locator('.monaco-list').hover();
  const hover = window.page.locator('.workbench-hover').filter({ hasText: text('hover.price') });
  // A hover doesn't appear while the tree is redrawn, so the mouse leaves and returns.
  await until('the hover of a job', async () => {
    await window.explorer.row('README.md').hover();
    await view.row('anna.png').locator('.label-name').hover();
    await hover.waitFor({ timeout: 4000 });
    return true;
  });
  const images = hover.locator('img');
  assert.equal(await images.count(), 2);
  await until('the images', () =>
    images.evaluateAll(all => all.every(each => (each as HTMLImageElement).naturalWidth > 0)),
  );

  await window.screenshot('jobs-view-hover');
  await window.explorer.row('README.md').hover();
  await hover.waitFor({ state: 'detached' });

  const project = api.control.projects().at(-1);
  assert.ok(project);
  await view.press(view.row('Zoë'), menuItem('job.answer'));
  await window.quickInput.pick(text('unknown.created'));
  await window.quickInput.answer(`https://magichour.ai/my-library?imageId=${project.id}`);
  await window.notification(saved('Zoë #1 100%-headshot.png')).waitFor();
  assert.equal(api.control.creates().length, 3);
  await view.row(text('group.working')).waitFor({ state: 'detached' });
  await view.row(rowLike('Zoë', credits)).waitFor();
  assert.deepEqual(await view.groups(), [text('group.failed'), text('group.saved')]);

  // Hide failed jobs.
  await view.pressTitle(menuItem('filterJobs'));
  await window.quickInput.waitFor(text('jobs.filterPlaceholder'));
  await window.quickInput.pick(text('group.failed'));
  await window.quickInput.accept();
  await view.row(text('group.failed')).waitFor({ state: 'detached' });
  assert.deepEqual(await view.groups(), [text('group.saved')]);
});

scenario(
  'estimates the progress of all jobs in the status bar, and lists them',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    api.control.configure({ clock: 'manual' });
    const percent = async (pattern: RegExp) => {
      const [, number] = pattern.exec(await window.statusBar.innerText()) ?? [];
      return number === undefined ? undefined : Number(number);
    };
    const rendering = new RegExp(`Magic Hour: ${text('phase.waiting')}.* (\\d+)%`);
    await submitHeadshot(window, 'portraits/anna.png');
    const first = await until('a percentage', () => percent(rendering));
    await until('a higher one', async () => ((await percent(rendering)) ?? 0) > first);
    await submitHeadshot(window, 'portraits/ben.jpg');
    const both = await until('the percentage of both jobs', () => percent(/Magic Hour: 2 jobs, (\d+)%/));
    assert.ok(both > 0 && both < 100);

    await window.statusBar.click();
    await window.quickInput.row('anna.png').waitFor();
    await window.quickInput.row('ben.jpg').waitFor();
    await window.quickInput.dismiss();
    for (const { id } of api.control.projects()) api.control.complete(id);
    await window.statusBar.waitFor({ state: 'detached' });
  },
);
