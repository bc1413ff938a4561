import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resultInForm, waitForText, focusedForm } from './support/form.ts';
import { key, scenario, submit, submitButton, type ScenarioFixtures } from './support/scenario.ts';
import { until } from './harness/until.ts';
import { aboutCredits, menuItem, paletteItem, text } from './support/text.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Asserts that the file has the bytes that the fake API served for the project. */
async function assertSaved(api: ScenarioFixtures['api'], path: string, project = 0): Promise<void> {
  const { id } = api.control.projects()[project] ?? assert.fail('no such project');
  const bytes = await until(`the result ${path}`, () => readFile(path).catch(() => undefined));
  assert.equal(sha256(bytes), api.control.results(id)[0]?.sha256);
}

scenario(
  'creates headshots of one image, of several and from a URL, next to the input, and overwrites nothing',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn({ files: { 'portraits/anna-headshot.png': 'mine' } });
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    const form = await focusedForm(window);
    await form.getByLabel(text('field.name'), { exact: true }).fill('Anna for the team page');
    await form.getByLabel(text('field.stylePrompt')).fill('Grey background');
    await form
      .getByText(text('form.credits', { credits: 50 }))
      .first()
      .waitFor();
    await submit(window);
    await resultInForm(window, 'anna-headshot-2.png');
    await assertSaved(api, window.path('portraits', 'anna-headshot-2.png'));
    assert.equal(await readFile(window.path('portraits', 'anna-headshot.png'), 'utf8'), 'mine');

    const [create] = api.control.creates('headshot');
    const [upload] = api.control.uploads();
    assert.deepEqual(create?.body, {
      assets: { image_file_path: upload?.filePath },
      name: 'Anna for the team page',
      style: { prompt: 'Grey background' },
    });
    assert.equal(upload?.sha256, sha256(await readFile(window.path('portraits', 'anna.png'))));
    await form.getByRole('button', { name: text('form.createAnother') }).waitFor();

    // Create three headshots with one form and one price.
    const images = ['portraits/anna.png', 'portraits/ben.jpg', 'portraits/Zoë #1 100%.webp'];
    await window.explorer.select(...images);
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    await window
      .form()
      .getByText(text('form.credits', { credits: 150 }))
      .first()
      .waitFor();
    await window
      .form()
      .getByRole('button', { name: text('headshot.submitMany', { count: 3 }) })
      .click();
    const names = ['anna-headshot-3.png', 'ben-headshot.png', 'Zoë #1 100%-headshot.png'];
    const written = await Promise.all(
      names.map(name =>
        until(`the result ${name}`, () =>
          readFile(window.path('portraits', name)).then(sha256, () => undefined),
        ),
      ),
    );
    const served = api.control
      .projects()
      .slice(1)
      .map(({ id }) => api.control.results(id)[0]?.sha256 ?? '');
    assert.deepEqual(written.toSorted(), served.toSorted());
    assert.equal(api.control.creates().length, 4);

    // Use a URL as the input, which uploads nothing.
    const uploads = api.control.uploads().length;
    await window.quickInput.command('View: Close All Editors');
    await window.quickInput.command(paletteItem('createHeadshot'));
    await window.quickInput.pick(text('editor.enterUrl'));
    await window.quickInput.waitFor(text('editor.urlPrompt'));
    await window.quickInput.fill('http://example.com/anna.png');
    await window.quickInput.message.getByText(/https/).waitFor();
    await window.quickInput.answer('https://example.com/people/anna.png');
    await submit(window);
    await resultInForm(window, 'anna-headshot.png');
    await assertSaved(api, window.path('anna-headshot.png'), 4);
    assert.equal(api.control.uploads().length, uploads);
    const body = api.control.creates()[4]?.body as { assets?: unknown } | undefined;
    assert.deepEqual(body?.assets, { image_file_path: 'https://example.com/people/anna.png' });
  },
);

scenario(
  'creates a talking photo from a clip of the selected audio, and from an image chosen in the form',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.explorer.select('portraits/anna.png', 'voices/anna.mp3');
    await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = await focusedForm(window);
    await form.getByLabel(text('field.start'), { exact: true }).fill('2.5');
    await form.getByLabel(text('field.end'), { exact: true }).fill('9.25');
    await form.getByText(aboutCredits('324')).first().waitFor();
    await submit(window);
    await resultInForm(window, 'anna-talking-photo.mp4');
    await assertSaved(api, window.path('portraits', 'anna-talking-photo.mp4'));

    const body = api.control.creates('talkingPhoto')[0]?.body as Record<string, unknown>;
    const uploads = api.control.uploads();
    assert.deepEqual(body, {
      assets: {
        image_file_path: uploads.find(upload => upload.type === 'image')?.filePath,
        audio_file_path: uploads.find(upload => upload.type === 'audio')?.filePath,
      },
      start_seconds: 2.5,
      end_seconds: 9.25,
      style: { generation_mode: 'realistic' },
    });

    await window.quickInput.command('View: Close All Editors');
    await window.explorer.choose('voices/ben.wav', 'Magic Hour', menuItem('createTalkingPhoto'));
    await window
      .form()
      .getByRole('button', { name: text('field.image'), exact: true })
      .click();
    await window.quickInput.chooseFile(window.path('portraits', 'ben.jpg'));
    await window.form().getByText('ben.jpg').first().waitFor();
    await submit(window);
    await resultInForm(window, 'ben-talking-photo.mp4');
    await assertSaved(api, window.path('portraits', 'ben-talking-photo.mp4'), 1);
  },
);

scenario(
  'asks for the API key on first use and after a 401, then continues the job',
  async ({ api, open }) => {
    const window = await open();
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submit(window);
    await window.quickInput.waitFor(text('editor.keyTitle'));
    assert.equal(await window.quickInput.field.getAttribute('type'), 'password');
    await window.quickInput.answer('mhk_live_wrong');
    await window.quickInput.message.getByText(text('editor.keyRefused')).waitFor();
    await window.quickInput.answer(key);
    await resultInForm(window, 'anna-headshot.png');
    await assertSaved(api, window.path('portraits', 'anna-headshot.png'));

    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    await waitForText(window.form(), 'ben.jpg');
    await submitButton(window.form()).waitFor();
    api.control.revokeKey(key);
    api.control.addKey('mhk_live_second');
    await submit(window);
    await window
      .form()
      .getByRole('button', { name: text('action.setApiKey') })
      .click();
    await window.quickInput.answer('mhk_live_second');
    await resultInForm(window, 'ben-headshot.png');
    await assertSaved(api, window.path('portraits', 'ben-headshot.png'), 1);
    assert.equal(api.control.projects().length, 2);
  },
);

scenario(
  'offers to buy credits after a 402, shows the server’s message verbatim after a 422, and says that there’s no face',
  async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submitButton(window.form()).waitFor();
    api.control.setAccount({ credits: 10 });
    await submit(window);
    await window
      .form()
      .getByRole('button', { name: text('action.buyCredits') })
      .waitFor();
    assert.equal(api.control.projects().length, 0);

    api.control.setAccount({ credits: 1240 });
    const words = 'Unable to <b>create</b> [image](command:workbench.action.quit)';
    api.control.fault({
      operation: 'createHeadshot',
      action: { kind: 'status', status: 422, json: { code: 'unprocessable_entity', message: words } },
    });
    await window.quickInput.command('View: Close All Editors');
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submit(window);
    await window.form().getByRole('paragraph').filter({ hasText: words }).waitFor();
    await window
      .form()
      .getByRole('button', { name: text('action.retry') })
      .click();
    await window
      .dialog(text('editor.firstPrice', { credits: 50 }))
      .getByRole('button', { name: text('editor.create'), exact: true })
      .click();
    await resultInForm(window, 'anna-headshot.png');

    api.control.plan({
      status: 'error',
      error: { code: 'no_source_face', message: 'Please use an image with a detectable face' },
    });
    await window.quickInput.command('View: Close All Editors');
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', menuItem('createHeadshot'));
    await submit(window);
    await window
      .form()
      .getByRole('button', { name: text('action.chooseImage') })
      .waitFor();
    await window
      .form()
      .getByText(/Please use an image with a detectable face/)
      .waitFor();
  },
);
