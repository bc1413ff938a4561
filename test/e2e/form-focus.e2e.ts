import assert from 'node:assert/strict';
import { until } from './harness/until.ts';
import { frameOf, resultInForm, waitForText } from './support/form.ts';
import { scenario, submit, submitButton } from './support/scenario.ts';
import { menuItem, paletteItem, text } from './support/text.ts';

scenario(
  'the focus goes into a new form, stays where the user is when a job ends, and goes back to the Explorer',
  async ({ api, openSignedIn }) => {
    const { control } = api;
    const window = await openSignedIn();
    const { quickInput } = window;
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submitButton(window.form()).waitFor();
    const frame = await frameOf(window.form());
    await until('the focus in the form', () => frame.evaluate(() => document.hasFocus()));

    control.configure({ clock: 'manual' });
    await submit(window);
    await window.statusBar.getByText(text('phase.waiting')).waitFor();
    await window.page.keyboard.press('F1');
    await quickInput.fill('>some words');
    control.complete(control.projects()[0]?.id ?? '');
    await waitForText(window.form(), text('form.done'));
    await resultInForm(window, 'anna-headshot.png');
    // Typing still goes there.
    await window.page.keyboard.type(' and more');
    assert.equal(await quickInput.field.inputValue(), '>some words and more');
    await quickInput.dismiss();

    await quickInput.command('View: Close Editor');
    await window.page.locator('.explorer-folders-view .monaco-list:focus').waitFor();

    await quickInput.command(paletteItem('createHeadshot'));
    await quickInput.pick('anna.png');
    await submitButton(window.form()).waitFor();
    const second = await frameOf(window.form());
    await until('the focus in the second form', () => second.evaluate(() => document.hasFocus()));
  },
);
