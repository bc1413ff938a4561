import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import type { Window } from './harness/window.ts';
import { resultInForm } from './support/form.ts';
import { JobsView } from './support/jobsView.ts';
import { signIn, scenario, submit } from './support/scenario.ts';
import { manifestText, menuItem, paletteItem, text, textLike } from './support/text.ts';

/** The locator of a completed step in the open walkthrough. */
const done = (window: Window, step: string) =>
  window.page.locator(`[data-done-step-id$="#firstSteps#${step}"].complete`);

/** The text above the buttons of an empty view. */
const firstLine = (key: string) => manifestText(key).split('\n')[0] ?? '';

async function openWalkthrough(window: Window): Promise<void> {
  await window.quickInput.command('Welcome: Open Walkthrough...');
  await window.quickInput.pick(manifestText('walkthrough.title'));
  await window.page
    .locator('.gettingStartedContainer')
    .getByText(manifestText('walkthrough.talkingPhoto.title'))
    .first()
    .waitFor();
}

scenario('checks off each step of the walkthrough when it’s done', async ({ open }) => {
  const window = await open();
  const view = new JobsView(window);
  // VS Code opens the walkthrough after an installation, and doesn't notice steps completed before that.
  await openWalkthrough(window);
  assert.equal(await done(window, 'key').count(), 0);

  // An empty view tells the user what to do first.
  await window.quickInput.command(paletteItem('openJobsView'));
  await view.pane.getByText(firstLine('welcome.noKey')).waitFor();
  await signIn(window);
  await view.pane.getByRole('button', { name: menuItem('createHeadshot').replace('…', '') }).waitFor();
  await done(window, 'key').waitFor();

  await window.quickInput.command(paletteItem('addSampleFiles'));
  await window.dismissNotification(textLike('editor.samplesAdded', { folder: 'magic-hour-samples' }));
  assert.ok((await stat(window.path('magic-hour-samples', 'portrait.jpg'))).size > 1000);

  assert.equal(await done(window, 'headshot').count(), 0);

  await window.explorer.choose('magic-hour-samples/portrait.jpg', 'Magic Hour', menuItem('createHeadshot'));
  await submit(window);
  await resultInForm(window, 'portrait-headshot.png');
  await window.tab('Welcome').click();
  await done(window, 'headshot').waitFor();
  assert.equal(await done(window, 'talkingPhoto').count(), 0);

  const samples = ['magic-hour-samples/portrait.jpg', 'magic-hour-samples/voice.mp3'];
  await window.explorer.select(...samples);
  await window.explorer.choose('magic-hour-samples/voice.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
  await submit(window);
  await resultInForm(window, 'portrait-talking-photo.mp4');
  await window.tab('Welcome').click();
  await done(window, 'talkingPhoto').waitFor();
});

scenario(
  'activates without an error in any log, says that it’s offline in an empty jobs view, and prefills an issue report',
  async ({ api, host, openSignedIn }) => {
    const window = await openSignedIn();
    await window.quickInput.command(paletteItem('showLog'));
    // Wait for the panel, because it takes the focus when it appears, which would close a quick pick.
    await window.page.locator('.part.panel .monaco-editor.focused').waitFor();
    await window.quickInput.command(paletteItem('showJobs'));
    await window.quickInput.waitFor(text('jobs.title'));
    await window.quickInput.dismiss();
    for (const [file, log] of await host.readLogs()) {
      const lines = log.split('\n').filter(line => /\[error\]/i.test(line) && /magic-?hour/i.test(line));
      assert.deepEqual(lines, [], file);
    }

    const view = new JobsView(window);
    api.control.configure({ offline: true });
    await window.quickInput.command(paletteItem('openJobsView'));
    await view.pane.getByText(firstLine('welcome.offline')).waitFor();

    await window.quickInput.command(paletteItem('reportIssue'));
    const question = window.dialog(/open the external website/);
    await question.getByText(/magic-hour\/issues\/new\?.*ach\.$/).waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
  },
);

scenario('ignores the workspace’s output folder in Restricted Mode', async ({ openSignedIn }) => {
  const window = await openSignedIn({
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
    files: { '.vscode/settings.json': JSON.stringify({ 'magicHour.outputFolder': 'elsewhere' }) },
  });
  await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
  await submit(window);
  await resultInForm(window, 'anna-headshot.png');
  await stat(window.path('portraits', 'anna-headshot.png'));
});
