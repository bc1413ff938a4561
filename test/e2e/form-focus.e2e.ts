import assert from 'node:assert/strict';
import { until } from './harness/until.ts';
import { frameOf, resultInForm, waitForText } from './support/form.ts';
import { scenario, submit, submitButton } from './support/scenario.ts';
import { menuItem, paletteItem, saved, text } from './support/text.ts';

scenario(
  'a new form gets the focus; the end of a job doesn’t move it, and notifies only when its form is out of sight',
  async ({ api, openSignedIn }) => {
    const { control } = api;
    const window = await openSignedIn();
    const { quickInput } = window;
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submitButton(window.form()).waitFor();
    const frame = await frameOf(window.form());
    await until('the focus in the form', () => frame.evaluate(() => document.hasFocus()));
    await window.quickInput.command('View: Close Editor');
    await window.page.locator('.explorer-folders-view .monaco-list:focus').waitFor();

    control.configure({ clock: 'manual' });
    await quickInput.command(paletteItem('createHeadshot'));
    await quickInput.pick('anna.png');
    await submitButton(window.form()).waitFor();
    const second = await frameOf(window.form());
    await until('the focus in the second form', () => second.evaluate(() => document.hasFocus()));
    await submit(window);
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    await submit(window);
    await until('both projects', () => control.projects().length === 2);

    await window.page.keyboard.press('F1');
    await quickInput.fill('>some words');
    for (const { id } of control.projects()) control.complete(id);
    await waitForText(window.form(), text('form.done'));
    await resultInForm(window, 'ben-headshot.png');
    const notification = window.notification(saved('anna-headshot.png'));
    await notification.waitFor();
    assert.equal(await window.notification(saved('ben-headshot.png')).count(), 0);
    // The text field still gets the keystrokes.
    await window.page.keyboard.type(' and more');
    assert.equal(await quickInput.field.inputValue(), '>some words and more');
    await quickInput.dismiss();

    await notification.getByRole('button', { name: text('action.useIn') }).click();
    await quickInput.pick(text('backgroundRemover.title'));
    await waitForText(window.form(), 'anna-headshot.png');
  },
);
