import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { FrameLocator } from 'playwright-core';
import { until } from './harness/until.ts';
import { ClipEditor, waitForText, focusedForm } from './support/form.ts';
import { scenario, submit } from './support/scenario.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

const style = (form: FrameLocator) => form.getByLabel(text('field.stylePrompt'));

scenario('remembers options as presets and from the last job', async fixtures => {
  const window = await fixtures.openSignedIn();
  await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
  const form = await focusedForm(window);
  const preset = form.getByLabel(text('form.preset'), { exact: true });
  await form.getByLabel(text('field.name'), { exact: true }).fill('Only this one');
  await style(form).fill('Grey wall, soft light');
  await form.getByRole('button', { name: text('form.savePreset') }).click();
  await form.getByLabel(text('form.presetTitle')).fill('Studio');
  await form.getByLabel(text('form.presetTitle')).press('Enter');
  await form.getByRole('button', { name: text('form.deletePreset'), exact: true }).waitFor();
  assert.equal(await preset.inputValue(), 'Studio');
  await style(form).fill('Something else');

  await window.reloadByCommand();
  await until('the restored form', async () => (await style(form).inputValue()) === 'Something else');
  await preset.selectOption('Studio');
  assert.equal(await style(form).inputValue(), 'Grey wall, soft light');
  assert.equal(
    await form.getByLabel(text('field.name'), { exact: true }).inputValue(),
    'Only this one',
    'a preset doesn’t change the name',
  );
  await submit(window);
  await waitForText(form, text('form.done'));
  await form.getByRole('button', { name: text('form.createAnother') }).click();
  assert.equal(await style(form).inputValue(), 'Grey wall, soft light', 'the same settings');

  await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
  await waitForText(form, 'ben.jpg');
  assert.equal(await style(form).inputValue(), 'Grey wall, soft light', 'last used');
  assert.equal(await form.getByLabel(text('field.name'), { exact: true }).inputValue(), '');
  await preset.selectOption('Studio');
  await form.getByRole('button', { name: text('form.deletePreset'), exact: true }).click();
  await preset.waitFor({ state: 'detached' });
});

scenario('keeps typed text across a reload, a hidden tab, a theme change and a crash', async fixtures => {
  const window = await fixtures.openSignedIn();
  await window.explorer.select('portraits/anna.png', 'voices/anna.mp3');
  await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
  const form = await focusedForm(window);
  const name = form.getByLabel(text('field.name'), { exact: true });
  const clip = new ClipEditor(window, form);
  await form.locator('.wave[data-waveform="done"]').waitFor();
  await form.getByLabel(text('field.mode')).selectOption('prompted');
  await clip.start.fill('2.5');
  await clip.end.fill('1:');
  await name.pressSequentially('Anna wav');
  await window.reloadByCommand();
  await until('the typed text', async () => (await name.inputValue()) === 'Anna wav');
  const assertKept = async (typed: string) => {
    assert.equal(await name.inputValue(), typed);
    assert.equal(await form.getByLabel(text('field.mode')).inputValue(), 'prompted');
    assert.equal(await clip.start.inputValue(), '2.5');
    assert.equal(await clip.end.inputValue(), '1:');
    await waitForText(form, 'anna.png');
    await waitForText(form, 'anna.mp3');
  };
  await assertKept('Anna wav');

  await name.press('End');
  await name.pressSequentially('es');
  await window.explorer.open('README.md');
  await window.tab('README.md').waitFor();
  await window.tab('Talking Photo').click();
  await until('the form again', async () => (await name.inputValue()) === 'Anna waves');
  await assertKept('Anna waves');

  // Changing the theme keeps the text and updates the colors of the page.
  const background = () => form.locator('body').evaluate(body => getComputedStyle(body).backgroundColor);
  const waveform = () =>
    form.locator('.wave canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await form.locator('.wave[data-waveform="done"]').waitFor();
  const before = await waveform();
  await window.setTheme('high-contrast');
  await until('a black page', async () => (await background()) === 'rgb(0, 0, 0)');
  await until('a waveform in the new colors', async () => (await waveform()) !== before);
  await assertKept('Anna waves');

  // Whether or not VS Code restarts the extension host, the page isn't connected to a new one.
  window.crashExtensionHost();
  await name.press('End');
  await name.pressSequentially('!');
  await waitForText(form, text('form.hostSilent'));
  await window.reloadByCommand();
  await until('the restored form', async () => (await name.inputValue()) === 'Anna waves!');
  await assertKept('Anna waves!');

  await clip.end.fill('9.25');
  await waitForText(form, aboutCredits('162'));
  await submit(window);
  await waitForText(form, text('form.done'));
  assert.equal(
    (fixtures.api.control.creates('talkingPhoto')[0]?.body as { name?: string } | undefined)?.name,
    'Anna waves!',
  );
  // A reloaded window still shows the result.
  await window.reloadByCommand();
  await waitForText(form, 'anna-talking-photo.mp4');
  await form.locator('video').waitFor();
});

scenario(
  'accepts files dropped from the system and from the Explorer, also several at once',
  async fixtures => {
    const window = await fixtures.openSignedIn();
    await window.explorer.reveal('portraits/anna.png');
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    const form = await focusedForm(window);
    const card = form.locator('[data-input="image"]').first();
    await waitForText(form, 'ben.jpg');
    await style(form).fill('Kept');

    // For a drop from the operating system, the page gets the bytes and the name.
    const bytes = [...(await readFile(window.path('portraits', 'anna.png')))];
    await card.evaluate((element, bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'From the desktop.png', { type: 'image/png' }));
      for (const type of ['dragenter', 'dragover', 'drop'])
        element.dispatchEvent(
          new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );
    }, bytes);
    await waitForText(form, 'From the desktop.png');
    await waitForText(form, /576 × 720/);
    assert.equal(await style(form).inputValue(), 'Kept');

    // For a drop from the Explorer, VS Code forwards it to a webview only while Shift is pressed.
    const from = await window.explorer.row('portraits/anna.png').boundingBox();
    const to = await card.boundingBox();
    assert.ok(from && to);
    const { mouse, keyboard } = window.page;
    await mouse.move(from.x + 60, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(from.x + 90, from.y + from.height / 2 + 4, { steps: 3 });
    await keyboard.down('Shift');
    await mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 10 });
    await mouse.move(to.x + to.width / 2 + 3, to.y + to.height / 2, { steps: 3 });
    await mouse.up();
    await keyboard.up('Shift');
    await waitForText(form, 'anna.png');

    // When several VS Code URIs are dropped, the first file replaces the image and the others get their own rows.
    const uris = ['ben.jpg', 'Zoë #1 100%.webp'].map(
      file => pathToFileURL(window.path('portraits', file)).href,
    );
    await card.evaluate((element, list) => {
      const transfer = new DataTransfer();
      transfer.setData('application/vnd.code.uri-list', list);
      element.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }, uris.join('\r\n'));
    await form.getByRole('button', { name: text('headshot.submitMany', { count: 2 }) }).waitFor();
    await waitForText(form, 'Zoë #1 100%.webp');

    // Several web URLs can be dropped, too.
    await card.evaluate(element => {
      const transfer = new DataTransfer();
      transfer.setData('text/uri-list', 'https://example.com/c.png\r\nhttps://example.com/d.png');
      element.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    });
    await waitForText(form, 'd.png');
    await waitForText(form, 'c.png');
    await submit(window);
    await waitForText(form, text('form.doneMany', { count: 3 }));
  },
);
