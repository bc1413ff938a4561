import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { gifGenerator } from '../../src/tools/gifGenerator.ts';
import { openTool } from './support/openTool.ts';
import { resultInForm, waitForText } from './support/form.ts';
import { scenario, submit } from './support/scenario.ts';
import { menuItem, text } from './support/text.ts';

scenario(
  'a result fills the page, is copied as Markdown, and becomes the input of another tool',
  async ({ api, context, openSignedIn }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const window = await openSignedIn();
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    const form = window.form();
    await submit(window);
    await waitForText(form, text('form.done'));
    const result = form.getByRole('img', { name: text('form.resultAlt') });
    await result.waitFor();
    await form.getByRole('button', { name: text('form.showOriginal') }).click();
    await form.getByRole('img', { name: text('form.originalAlt') }).waitFor();
    await form.getByRole('button', { name: text('form.showOriginal') }).click();
    await result.waitFor();
    const buttons = form.locator('.result .job-actions').getByRole('button');
    assert.deepEqual(await buttons.allInnerTexts(), [
      text('action.open'),
      text('action.reveal'),
      text('action.copyPath'),
      text('action.copyMarkdown'),
      text('action.useIn'),
      text('form.createAnother'),
    ]);

    await form.getByRole('button', { name: text('action.copyMarkdown') }).click();
    await form.getByText(text('form.copied')).waitFor({ state: 'attached' });
    await window.quickInput.command('File: New Untitled Text File');
    await window.page.keyboard.press('ControlOrMeta+V');
    await window.page
      .locator('.view-line')
      .getByText(/^!\[.*\]\(.*anna-headshot\.png\)$/)
      .waitFor();

    await window.tab(text('headshot.title')).click();
    await form.getByRole('button', { name: text('action.useIn') }).click();
    await window.quickInput.waitFor(text('action.useIn'));
    await window.quickInput.answer(text('backgroundRemover.title'));
    await waitForText(window.form(), 'anna-headshot.png');
    await window
      .form()
      .getByRole('button', { name: text('backgroundRemover.submit') })
      .click();
    await resultInForm(window, 'anna-headshot-no-background.png');
    const [headshot] = api.control.projects('headshot');
    assert.deepEqual(api.control.creates('backgroundRemover')[0]?.body, {
      assets: { image_file_path: `https://magichour.ai/my-library?imageId=${headshot?.id}` },
    });
    assert.equal(api.control.uploads().length, 1, 'the result isn’t uploaded');
  },
);

scenario(
  'a GIF as a video is played, and a result that was deleted is not a broken image',
  async fixtures => {
    const window = await fixtures.openSignedIn();
    await openTool(window, gifGenerator);
    const form = window.form();
    await form.getByLabel(text('gifGenerator.format')).selectOption('mp4');
    await form.getByRole('button', { name: text('gifGenerator.submit'), exact: true }).click();
    await waitForText(form, text('form.done'));
    await form.locator('video').waitFor();
    const name = await form.locator('.result .file-name').innerText();
    await rm(window.path(name));
    await window.reloadByCommand();
    await waitForText(form, text('form.noResultPreview'));
  },
);
