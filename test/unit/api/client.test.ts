import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clientOf, failureOf, standIn } from './support/client.ts';
import { answering, origin } from './support/origin.ts';

const headshot = { assets: { image_file_path: 'https://example.com/anna.png' } };
const path = '/v1/ai-headshot-generator';

const project = {
  id: 'abc',
  status: 'queued',
  enabled: true,
  credits_charged: 50,
  downloads: [],
  error: null,
};

suite('what is asked', () => {
  test('carries the key, says who asks and what it takes, and no more', async t => {
    const server = await origin(t, answering(200, JSON.stringify({ id: 'a', tier: 'pro', credits: 7 })));
    assert.deepEqual(await clientOf(t, server.url).account(), { id: 'a', tier: 'pro', credits: 7 });
    assert.equal(server.seen[0]?.url, '/v1/account');
    assert.deepEqual(server.seen[0]?.headers, {
      host: new URL(server.url).host,
      connection: 'keep-alive',
      authorization: 'Bearer mhk_live_test',
      accept: 'application/json',
      'user-agent': 'magic-hour-test',
    });
  });

  test('keeps the path of the address it was given', async t => {
    const server = await origin(t, answering(200, JSON.stringify({ id: 'a', tier: 'pro', credits: 7 })));
    await clientOf(t, `${server.url}/proxied/`).account();
    assert.equal(server.seen[0]?.url, '/proxied/v1/account');
  });

  test('creates, waits and deletes as the API describes it', async t => {
    const { server, api } = await standIn(t);
    const made = await api.create(path, headshot);
    assert.equal(made.creditsCharged, 50);
    assert.equal((await api.project('image', made.id)).status, 'queued');
    server.control.complete(made.id);
    const complete = await api.project('image', made.id);
    assert.equal(complete.status, 'complete');
    assert.equal(complete.downloads.length, 1);
    assert.ok((complete.downloads[0]?.expiresAt ?? 0) > Date.now());
    await api.deleteProject('image', made.id);
    assert.equal((await failureOf(api.project('image', made.id))).text.key, 'api.project.missing');
    // It is gone, which is what was asked for.
    await api.deleteProject('image', made.id);
  });

  test('a create never rides on a connection that was used before', async t => {
    const server = await origin(t, answering(200, JSON.stringify({ ...project, credits: 1 })));
    const api = clientOf(t, server.url);
    await api.project('image', 'abc');
    await api.create(path, headshot);
    await api.create(path, headshot);
    assert.deepEqual(
      server.seen.map(({ headers }) => headers.connection),
      ['keep-alive', 'close', 'close'],
    );
  });

  test('an id that is none reaches no path', async t => {
    const server = await origin(t, answering(200, '{}'));
    for (const id of ['', '..', 'a/b', 'a?b', 'a'.repeat(129)]) {
      const error = await failureOf(clientOf(t, server.url).project('image', id));
      assert.equal(error.text.key, 'api.project.idInvalid');
    }
    assert.equal(server.seen.length, 0);
  });

  test('a key that cannot be one is not sent', async t => {
    const server = await origin(t, answering(200, '{}'));
    for (const key of ['', 'two words', 'line\nbreak', 'schlüssel']) {
      const error = await failureOf(clientOf(t, server.url, { key }).account());
      assert.equal(error.text.key, 'api.key.malformed');
      assert.equal(error.suggestedAction, 'setApiKey');
    }
    assert.equal(server.seen.length, 0);
  });
});

suite('what is read', () => {
  const reading = async (t: Parameters<typeof origin>[0], reply: unknown) =>
    clientOf(t, (await origin(t, answering(200, JSON.stringify(reply)))).url);

  test('a status that is not documented is waited on', async t => {
    const api = await reading(t, { ...project, status: 'upscaling' });
    assert.equal((await api.project('image', 'abc')).status, 'other');
  });

  test('what is missing beside id and status does not matter, nor what is new', async t => {
    const api = await reading(t, { id: 'abc', status: 'rendering', surprise: { deep: [1] } });
    assert.deepEqual(await api.project('video', 'abc'), {
      id: 'abc',
      status: 'rendering',
      enabled: true,
      creditsCharged: undefined,
      downloads: [],
      error: undefined,
    });
  });

  test('nor what has another type', async t => {
    const odd = { enabled: 'yes', credits_charged: '50', downloads: 'none', error: 7, download: null };
    const api = await reading(t, { id: 'abc', status: 'complete', ...odd });
    const read = await api.project('video', 'abc');
    assert.deepEqual(
      [read.enabled, read.creditsCharged, read.downloads, read.error],
      [true, undefined, [], undefined],
    );
  });

  test('the deprecated single download stands in for the list, and unusable entries are left out', async t => {
    const download = { url: 'https://videos.example/a.mp4?sig=1', expires_at: 'soon' };
    const api = await reading(t, {
      ...project,
      status: 'complete',
      downloads: [null, { url: 'a.mp4' }],
      download,
    });
    assert.deepEqual((await api.project('video', 'abc')).downloads, [
      { url: download.url, expiresAt: undefined },
    ]);
  });

  test('a job error is plain text of a bearable length', async t => {
    const message = `\u202E<b>No\u0000 face</b>\n${'x'.repeat(5000)}`;
    const api = await reading(t, { ...project, status: 'error', error: { message, code: 'no_source_face' } });
    const { error } = await api.project('image', 'abc');
    assert.equal(error?.code, 'no_source_face');
    assert.equal(error?.message.length, 300);
    assert.match(error?.message ?? '', /^<b>No face<\/b> x+…$/u);
  });

  test('a job error that repeats the key or a signed address does not spread them', async t => {
    const message = 'mhk_live_test could not read https://videos.example/a.png?sig=1';
    const api = await reading(t, { ...project, status: 'error', error: { message, code: 'x' } });
    assert.equal(
      (await api.project('image', 'abc')).error?.message,
      '[key] could not read https://videos.example/a.png',
    );
  });

  test('a create says the price in any of its three fields, or none', async t => {
    for (const [reply, expected] of [
      [{ id: 'a', credits_charged: 50, frame_cost: 60 }, 50],
      [{ id: 'a', estimated_frame_cost: 450 }, 450],
      [{ id: 'a', frame_cost: 60 }, 60],
      [{ id: 'a' }, undefined],
    ] as const) {
      const api = await reading(t, reply);
      assert.equal((await api.create(path, headshot)).creditsCharged, expected);
    }
  });

  test('an account without credits, or no such route, cannot tell', async t => {
    assert.equal(await (await reading(t, { id: 'a' })).account(), undefined);
    const server = await origin(t, answering(404, '{"message":"Not Found"}'));
    assert.equal(await clientOf(t, server.url).account(), undefined);
  });

  test('upload targets come in order, one for each file, to a safe address', async t => {
    const target = (url: string, file_path = 'api-assets/id/1.png') => ({ upload_url: url, file_path });
    const items = [{ type: 'image', extension: 'png' }] as const;
    const good = await reading(t, { items: [target('https://videos.example/1.png?sig=1')] });
    assert.deepEqual(await good.uploadUrls(items), [
      { url: 'https://videos.example/1.png?sig=1', expiresAt: undefined, filePath: 'api-assets/id/1.png' },
    ]);
    for (const [targets, key] of [
      [[], 'api.malformed'],
      [[target('https://a.example/1'), target('https://a.example/2')], 'api.malformed'],
      [[target('no address')], 'api.malformed'],
      [[target('https://a.example/1', '../../etc/passwd')], 'api.malformed'],
      [[target('https://a.example/1', 'a\nb')], 'api.malformed'],
      [[target('http://videos.example/1.png')], 'api.storage.unsafe'],
      [[target('https://user:word@videos.example/1.png')], 'api.storage.unsafe'],
      [[target('file:///etc/passwd')], 'api.storage.unsafe'],
    ] as const) {
      const error = await failureOf((await reading(t, { items: targets })).uploadUrls(items));
      assert.equal(error.text.key, key, JSON.stringify(targets));
    }
  });

  test('a project that is not the one that was asked for is not taken for it', async t => {
    const api = await reading(t, { ...project, id: 'other' });
    assert.equal((await failureOf(api.project('image', 'abc'))).text.key, 'api.malformed');
  });

  test('an id that does not fit a path is none', async t => {
    const api = await reading(t, { id: '../../x', credits_charged: 50 });
    const error = await failureOf(api.create(path, headshot));
    assert.equal(error.text.key, 'api.create.unsure');
    assert.equal(error.details.mayHaveBeenCreated, true);
  });

  test('a web page in place of the API is recognised', async t => {
    const page = answering(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });
    const api = clientOf(t, (await origin(t, page)).url);
    assert.equal((await failureOf(api.account())).text.key, 'api.notMagicHour');
    assert.equal((await failureOf(api.project('image', 'abc'))).text.key, 'api.notMagicHour');
  });

  test('JSON that breaks off, and an answer without end', async t => {
    const { server, api } = await standIn(t);
    server.control.fault({ operation: 'account', action: { kind: 'malformed' } });
    assert.equal((await failureOf(api.account())).text.key, 'api.malformed');
    server.control.fault({ operation: 'account', action: { kind: 'oversize' } });
    const error = await failureOf(api.account());
    assert.equal(error.text.key, 'api.tooLarge');
    assert.equal(error.details.mayHaveBeenCreated, false);
    assert.ok(await api.account());
  });
});
