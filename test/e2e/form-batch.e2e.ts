import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { until } from './harness/until.ts';
import { ClipEditor, waitForText } from './support/form.ts';
import { scenario } from './support/scenario.ts';
import { aboutCredits, balance, menuItem, text } from './support/text.ts';

scenario(
  'pairs images and audio by name, shares one audio file, and keeps a clip for each pair',
  async fixtures => {
    const { api } = fixtures;
    const window = await fixtures.openSignedIn();
    await window.explorer.select(
      'portraits/anna.png',
      'portraits/ben.jpg',
      'voices/anna.mp3',
      'voices/ben.wav',
    );
    await window.explorer.choose('voices/ben.wav', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const first = form.getByRole('group', { name: text('form.rowOf', { index: 1, count: 2 }) });
    const second = form.getByRole('group', { name: text('form.rowOf', { index: 2, count: 2 }) });
    for (const [pair, stem] of [
      [first, 'anna'],
      [second, 'ben'],
    ] as const) {
      for (const input of ['image', 'audio'])
        await pair
          .locator(`[data-input="${input}"]`)
          .getByText(new RegExp(`^${stem}\\.`))
          .waitFor();
    }
    const clip = new ClipEditor(window, first);
    const other = new ClipEditor(window, second);
    await until('both clips', async () => (await other.times())[1] > 0 && (await clip.times())[1] > 0);
    const [, benSeconds] = await other.times();
    await clip.start.fill('1');
    await clip.end.fill('3');
    assert.deepEqual(await other.times(), [0, benSeconds], 'the other pair’s clip');
    await waitForText(form, aboutCredits(String(2 * Math.ceil(2 * 24) + 2 * Math.ceil(benSeconds * 24))));
    await form.getByRole('button', { name: text('talkingPhoto.submitMany', { count: 2 }) }).click();
    await waitForText(form, text('form.doneMany', { count: 2 }));
    const bodies = api.control.creates('talkingPhoto').map(({ body }) => body as Record<string, unknown>);
    assert.deepEqual(
      bodies
        .map(({ start_seconds: start, end_seconds: end }) => [start, end])
        .toSorted((a, b) => Number(a[0]) - Number(b[0])),
      [
        [0, benSeconds],
        [1, 3],
      ],
    );

    await window.explorer.select('portraits/anna.png', 'portraits/Zoë #1 100%.webp', 'voices/ben.wav');
    await window.explorer.choose('voices/ben.wav', 'Magic Hour', menuItem('createTalkingPhoto'));
    const shared = window.form();
    await shared.getByRole('button', { name: text('talkingPhoto.submitMany', { count: 2 }) }).waitFor();
    for (const [row, image] of ['anna.png', 'Zoë #1 100%.webp'].entries()) {
      const pair = shared.getByRole('group', { name: text('form.rowOf', { index: row + 1, count: 2 }) });
      await pair.getByText(image, { exact: true }).waitFor();
      await pair.getByText('ben.wav', { exact: true }).waitFor();
    }
    await shared
      .getByRole('button', {
        name: text('form.removeFile', { name: text('form.rowOf', { index: 1, count: 2 }) }),
      })
      .click();
    await shared.getByRole('button', { name: text('talkingPhoto.submit') }).waitFor();
    assert.equal(await shared.getByText('anna.png', { exact: true }).count(), 0);
  },
);

scenario(
  'warns about missing credits in a batch, and finishes the other jobs when one fails',
  async fixtures => {
    const { api } = fixtures;
    api.control.setAccount({ credits: 100 });
    const window = await fixtures.openSignedIn();
    await copyFile(window.path('portraits', 'anna.png'), window.path('portraits', 'clara.png'));
    const images = [
      'portraits/anna.png',
      'portraits/ben.jpg',
      'portraits/clara.png',
      'portraits/Zoë #1 100%.webp',
    ];
    await window.explorer.select(...images);
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    const form = window.form();
    await waitForText(form, balance('200', '100'));
    await waitForText(form, text('form.notEnough', { missing: 100 }));
    await form.getByRole('button', { name: text('action.buyCredits') }).waitFor();
    await form.getByRole('button', { name: text('form.removeFile', { name: 'clara.png' }) }).click();
    await waitForText(form, balance('150', '100'));
    await form.getByRole('button', { name: text('headshot.submitMany', { count: 3 }) }).waitFor();
    assert.ok(
      await form
        .locator('.choice')
        .nth(2)
        .evaluate(element => element === document.activeElement),
      'focus on the next row',
    );
    // The account gets more credits. The form still shows the old balance, but the server decides.
    api.control.setAccount({ credits: 1000 });
    api.control.plan({
      status: 'error',
      error: { code: 'no_source_face', message: 'Please use an image with a detectable face' },
    });
    await form.getByRole('button', { name: text('headshot.submitMany', { count: 3 }) }).click();
    await waitForText(form, text('form.someFailed', { saved: 2, count: 3, failed: 1 }));
    const tiles = form.getByRole('list').first().getByRole('listitem');
    assert.equal(await tiles.count(), 3);
    const failed = form
      .getByRole('listitem')
      .filter({ hasText: 'Please use an image with a detectable face' });
    assert.equal(await failed.getByRole('button').first().innerText(), text('action.chooseImage'));

    // Retries only the failed job.
    await failed.getByRole('button', { name: text('action.retry') }).click();
    await window
      .dialog(text('editor.retryPrice', { credits: 50 }))
      .getByRole('button', { name: text('editor.createAgain') })
      .click();
    await waitForText(form, text('form.doneMany', { count: 3 }));
    assert.equal(api.control.projects().length, 4);
    assert.equal(api.control.uploads().length, 3, 'uploads are reused');

    // The results are shown in a grid, and each one can be enlarged.
    const result = form.getByRole('img', { name: text('form.resultAlt') });
    const tile = form.getByRole('button', { name: 'ben-headshot.png' });
    assert.equal(await result.count(), 0);
    await tile.click();
    await result.waitFor();
    await waitForText(form, text('form.charged', { credits: 50 }));
    await waitForText(form, text('form.rowOf', { index: 2, count: 3 }));
    await window.page.keyboard.press('ArrowLeft');
    await waitForText(form, 'anna-headshot.png');
    await form.getByRole('button', { name: text('form.previous') }).click();
    await waitForText(form, text('form.rowOf', { index: 3, count: 3 }));
    await form.getByRole('button', { name: text('form.next') }).click();
    await window.page.keyboard.press('ArrowRight');
    await waitForText(form, 'ben-headshot.png');
    await window.page.keyboard.press('Escape');
    await tile.waitFor();
    assert.ok(await tile.evaluate(element => element === document.activeElement), 'the focus comes back');
  },
);
