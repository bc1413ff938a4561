import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { until } from './harness/until.ts';
import type { Theme, Window } from './harness/window.ts';
import { resultInForm } from './support/form.ts';
import { JobsView } from './support/jobsView.ts';
import { scenario, submit } from './support/scenario.ts';
import { menuItem, paletteItem, saved, text, textLike } from './support/text.ts';

const themes: readonly Theme[] =
  process.env['MAGIC_HOUR_SCREENSHOTS'] === 'docs'
    ? ['dark', 'light', 'high-contrast', 'high-contrast-light']
    : ['dark'];

const credits = text('jobs.credits', { credits: 50 });

/** Matches a row that has these words in this order. */
const rowLike = (...words: string[]) => new RegExp(words.join('.*'));

/** A headshot of this image, submitted and left to itself. */
async function headshot(window: Window, path: string): Promise<void> {
  await window.clearNotifications();
  await window.explorer.choose(path, 'Magic Hour', menuItem('createHeadshot'));
  await submit(window);
}

const closeEditors = (window: Window) => window.quickInput.command('View: Close All Editors');

scenario(
  'jobs view: hidden until there is a job, then every row says what it is and what can be done',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    const view = new JobsView(window);
    assert.equal(await view.pane.count(), 0);

    await headshot(window, 'portraits/anna.png');
    await resultInForm(window, 'anna-headshot.png');
    await closeEditors(window);
    await view.expand();
    await view.row('anna.png').waitFor();
    assert.deepEqual(await view.groups(), [text('group.saved')]);
    await view.row(rowLike('anna.png', text('headshot.title'), credits)).waitFor();

    // Open and reveal.
    const anna = view.row('anna.png');
    assert.deepEqual(await view.inlineActions(anna), [menuItem('job.open'), menuItem('job.reveal')]);
    await view.press(anna, menuItem('job.open'));
    await window.tab('anna-headshot.png').waitFor();
    await view.press(anna, menuItem('job.reveal'));
    await window.explorer.row('portraits/anna-headshot.png').and(window.page.locator('.selected')).waitFor();

    // Failed and tried again: paid anew, so it is asked.
    api.control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face' } });
    await headshot(window, 'portraits/ben.jpg');
    await view.row(rowLike('ben.jpg', 'no face')).waitFor();
    assert.deepEqual(await view.groups(), [text('group.failed'), text('group.saved')]);
    await view.press(view.row('ben.jpg'), menuItem('job.retry'));
    await window
      .dialog(text('editor.retryQuestion', { name: 'ben.jpg' }))
      .getByRole('button', { name: text('editor.createAgain') })
      .click();
    await resultInForm(window, 'ben-headshot.png');

    // Running and stopped.
    api.control.configure({ clock: 'manual' });
    await closeEditors(window);
    await headshot(window, 'portraits/Zoë #1 100%.webp');
    await view.row(rowLike('Zoë #1 100%.webp', text('phase.waiting'))).waitFor();
    assert.deepEqual(await view.groups(), [text('group.working'), text('group.saved')]);
    await view.press(view.row('Zoë'), menuItem('job.stop'));
    await view.row(text('group.stopped')).click();
    await view.row(rowLike('Zoë #1 100%.webp', text('headshot.title'))).waitFor();

    // Copy, delete on the server, remove.
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

    // The list behind the status bar, and the history as a table.
    await window.quickInput.command(paletteItem('showJobs'));
    await window.quickInput.pick(/anna\.png/);
    await window.quickInput.row(text('action.reveal')).waitFor();
    await window.quickInput.dismiss();
    await window.quickInput.command(paletteItem('exportHistory'));
    const table = window.path('magic-hour-history.csv');
    const csv = await until('the table', async () => {
      // The dialog offers this name once it has listed the folder.
      if ((await window.quickInput.field.inputValue({ timeout: 500 }).catch(() => '')) === table)
        await window.quickInput.accept();
      return readFile(table, 'utf8').catch(() => undefined);
    });
    assert.match(csv, /^created,ended,tool,name,state,credits,project,earlierProjects,results,inputs\r\n/);
    assert.equal(csv.trim().split('\r\n').length, 4);
    assert.match(csv, /headshot,,saved,50,/);
  },
  { timeout: 180_000 },
);

scenario(
  'jobs view: a question is counted, and answered from its row',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    const view = new JobsView(window);
    await headshot(window, 'portraits/anna.png');
    await resultInForm(window, 'anna-headshot.png');
    api.control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face' } });
    await closeEditors(window);
    await view.expand();
    await headshot(window, 'portraits/ben.jpg');
    await view.row(rowLike('ben.jpg', 'no face')).waitFor();
    await closeEditors(window);

    api.control.fault({ operation: 'createHeadshot', action: { kind: 'reset', when: 'after' } });
    await headshot(window, 'portraits/Zoë #1 100%.webp');
    await view.row(text('group.asking')).waitFor();
    await closeEditors(window);
    assert.deepEqual(await view.groups(), [text('group.asking'), text('group.failed'), text('group.saved')]);
    await window.page.locator('.activitybar .badge-content').filter({ hasText: '1' }).waitFor();

    await window.clearNotifications();
    await view.pane.locator('.monaco-list').hover();
    for (const theme of themes) {
      await window.setTheme(theme);
      await view.row('Zoë').hover();
      await window.screenshot(`jobs-view-${theme}`);
    }
    const hover = window.page.locator('.workbench-hover').filter({ hasText: text('hover.price') });
    // A hover that is asked for while the tree is drawn anew does not come: the mouse leaves and comes back.
    await until('the hover of a job', async () => {
      await window.explorer.row('README.md').hover();
      await view.row('anna.png').locator('.label-name').hover();
      await hover.waitFor({ timeout: 4000 });
      return true;
    });
    const pictures = hover.locator('img');
    assert.equal(await pictures.count(), 2);
    await until('the pictures', () =>
      pictures.evaluateAll(all => all.every(each => (each as HTMLImageElement).naturalWidth > 0)),
    );

    await window.screenshot('jobs-view-hover');
    await window.explorer.row('README.md').hover();
    await hover.waitFor({ state: 'detached' });

    const made = api.control.projects().at(-1);
    assert.ok(made);
    await view.press(view.row('Zoë'), menuItem('job.answer'));
    await window.quickInput.pick(text('unknown.made'));
    await window.quickInput.answer(`https://magichour.ai/my-library?imageId=${made.id}`);
    await window.notification(saved('Zoë #1 100%-headshot.png')).waitFor();
    assert.equal(api.control.creates().length, 3);
    await view.row(text('group.working')).waitFor({ state: 'detached' });
    await view.row(rowLike('Zoë', credits)).waitFor();
    assert.deepEqual(await view.groups(), [text('group.failed'), text('group.saved')]);

    // Only what is done.
    await view.pressTitle(menuItem('filterJobs'));
    await window.quickInput.waitFor(text('jobs.filterPlaceholder'));
    await window.quickInput.pick(text('group.failed'));
    await window.quickInput.accept();
    await view.row(text('group.failed')).waitFor({ state: 'detached' });
    assert.deepEqual(await view.groups(), [text('group.saved')]);
  },
  { timeout: 180_000 },
);
