import { until } from './harness/until.ts';
import type { Window } from './harness/window.ts';
import { waitForText } from './support/form.ts';
import { JobsView } from './support/jobsView.ts';
import { key, scenario, submit, submitButton } from './support/scenario.ts';
import { takeScreenshots, toggleSideBar } from './support/screenshots.ts';
import { manifestText, menuItem, paletteItem, saved, text } from './support/text.ts';

const closeEditors = (window: Window) => window.quickInput.command('View: Close All Editors');

async function submitHeadshot(window: Window, path: string): Promise<void> {
  await window.explorer.choose(path, 'Magic Hour', menuItem('createHeadshot'));
  // A notification may cover the button.
  await submitButton(window.form()).press('Enter');
}

scenario(
  'screenshots of the walkthrough, the jobs view, and notifications',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.clearNotifications();
    const view = new JobsView(window);
    await window.quickInput.command('Welcome: Open Walkthrough...');
    await window.quickInput.pick(manifestText('walkthrough.title'));
    await window.page
      .locator('.gettingStartedContainer')
      .getByText(/^1 of|Magic Hour/)
      .first()
      .waitFor();
    // VS Code hides the walkthrough's images when there's little space.
    await toggleSideBar(window, 'hidden');
    await takeScreenshots(window, 'walkthrough', { widths: ['wide'] });
    await toggleSideBar(window, 'visible');
    await closeEditors(window);

    await window.quickInput.command(paletteItem('openJobsView'));
    await view.pane.getByRole('button').last().waitFor();
    await view.enlarge();
    await takeScreenshots(window, 'jobs-view-empty', { widths: ['wide'] });

    // Show a result, a failure, and a question, each with its notification.
    const photos = ['anna.png', 'ben.jpg', 'Zoë #1 100%.webp'].map(name => `portraits/${name}`);
    const [anna = '', ben = '', zoe = ''] = photos;
    api.control.configure({ clock: 'manual' });
    await submitHeadshot(window, anna);
    await view.row('anna.png').waitFor();
    await closeEditors(window);
    await submitHeadshot(window, ben);
    await view.row('ben.jpg').waitFor();
    await closeEditors(window);
    await api.control.waitFor('create', 2);
    const [first, second] = api.control.projects();
    api.control.complete(first?.id ?? '');
    await window.notification(saved('anna-headshot.png')).waitFor();
    api.control.fail(second?.id ?? '', 'no_source_face', 'Please use an image with a detectable face');
    await window.notification('ben.jpg').waitFor();
    api.control.fault({ operation: 'createHeadshot', action: { kind: 'hold', when: 'after' } });
    await submitHeadshot(window, zoe);
    await api.control.held('createHeadshot');
    await closeEditors(window);
    api.control.release('any', 'reset');
    await window.notification('Zoë').waitFor();
    await takeScreenshots(window, 'notifications', {
      async show() {
        await window.quickInput.command('Notifications: Show Notifications');
        await window.page.locator('.notifications-center.visible').waitFor();
        return () => window.quickInput.command('Notifications: Hide Notifications');
      },
    });
    await window.clearNotifications();

    // Show a running job, one that waits for a key, one that was stopped, and a video.
    await submitHeadshot(window, anna);
    await view.row(text('group.working')).waitFor();
    await closeEditors(window);
    await submitHeadshot(window, 'old-photos/ruth.jpg');
    await api.control.waitFor('create', 5);
    await closeEditors(window);
    await view.press(view.row('ruth.jpg'), menuItem('job.stop'));
    await view.row(text('group.stopped')).click();
    await window.explorer.select(anna, 'voices/anna.mp3');
    await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
    await submit(window);
    await api.control.waitFor('create', 6);
    api.control.complete(api.control.projects('talkingPhoto')[0]?.id ?? '');
    await window.form().locator('video').waitFor();
    api.control.revokeKey(key);
    await window.explorer.select(ben, zoe);
    await window.explorer.choose(ben, 'Magic Hour', menuItem('createHeadshot'));
    await submitButton(window.form()).click();
    await waitForText(window.form(), text('phase.blocked'));
    await closeEditors(window);
    await window.clearNotifications();
    await takeScreenshots(window, 'jobs-view', { widths: ['wide'] });
    const hover = window.page.locator('.workbench-hover').filter({ hasText: text('hover.price') });
    await takeScreenshots(window, 'jobs-view-hover', {
      widths: ['wide'],
      async show() {
        // A hover doesn't appear while the tree is redrawn, so the mouse leaves and returns.
        await until('the hover of a job', async () => {
          await window.explorer.row('portraits/ben.jpg').hover();
          await view.row('anna.png').last().locator('.label-name').hover();
          await hover.locator('img').first().waitFor({ timeout: 4000 });
          return true;
        });
      },
    });
    await takeScreenshots(window, 'jobs-list', {
      async show() {
        await window.quickInput.command(paletteItem('showJobs'));
        await window.quickInput.row('anna.png').waitFor();
        return () => window.quickInput.dismiss();
      },
    });
  },
);
