import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clientOf, failureOf, connectToFakeApi } from './support/client.ts';
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

suite('requests', () => {
  test('have the key, the user agent, and the accepted type, and nothing else', async t => {
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

  test("keep the path of the API's URL", async t => {
    const server = await origin(t, answering(200, JSON.stringify({ id: 'a', tier: 'pro', credits: 7 })));
    await clientOf(t, `${server.url}/proxied/`).account();
    assert.equal(server.seen[0]?.url, '/proxied/v1/account');
  });

  test('create, poll and delete as the API describes it', async t => {
    const { server, api } = await connectToFakeApi(t);
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
    // Deleting a project that has already been deleted is not an error.
    await api.deleteProject('image', made.id);
  });

  test("don't mistake a web page for the deletion of a project", async t => {
    const page = answering(404, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });
    const server = await origin(t, page);
    const error = await failureOf(clientOf(t, server.url).deleteProject('image', 'abc'));
    assert.equal(error.text.key, 'api.notMagicHour');
  });

  test('use a new connection for a create request', async t => {
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

  test('reject a malformed ID before using it in a path', async t => {
    const server = await origin(t, answering(200, '{}'));
    for (const id of ['', '..', 'a/b', 'a?b', 'a'.repeat(129)]) {
      const error = await failureOf(clientOf(t, server.url).project('image', id));
      assert.equal(error.text.key, 'api.project.idInvalid');
    }
    assert.equal(server.seen.length, 0);
  });

  test('never contain a malformed key', async t => {
    const server = await origin(t, answering(200, '{}'));
    for (const key of ['', 'two words', 'line\nbreak', 'schlüssel']) {
      const error = await failureOf(clientOf(t, server.url, { key }).account());
      assert.equal(error.text.key, 'api.key.malformed');
      assert.equal(error.suggestedAction, 'setApiKey');
    }
    assert.equal(server.seen.length, 0);
  });
});

suite('responses', () => {
  const reading = async (t: Parameters<typeof origin>[0], reply: unknown) =>
    clientOf(t, (await origin(t, answering(200, JSON.stringify(reply)))).url);

  test("may have a status that isn't documented", async t => {
    const api = await reading(t, { ...project, status: 'upscaling' });
    assert.equal((await api.project('image', 'abc')).status, 'other');
  });

  test('may lack everything except ID and status, and have new fields', async t => {
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

  test('may have fields of other types', async t => {
    const odd = { enabled: 'yes', credits_charged: '50', downloads: 'none', error: 7, download: null };
    const api = await reading(t, { id: 'abc', status: 'complete', ...odd });
    const read = await api.project('video', 'abc');
    assert.deepEqual(
      [read.enabled, read.creditsCharged, read.downloads, read.error],
      [true, undefined, [], undefined],
    );
  });

  test('may have the deprecated single download; unusable entries are skipped', async t => {
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

  test("become plain text of limited length in a job's error", async t => {
    const message = `\u202E<b>No\u0000 face</b>\n${'x'.repeat(5000)}`;
    const api = await reading(t, { ...project, status: 'error', error: { message, code: 'no_source_face' } });
    const { error } = await api.project('image', 'abc');
    assert.equal(error?.code, 'no_source_face');
    assert.equal(error?.message.length, 300);
    assert.match(error?.message ?? '', /^<b>No face<\/b> x+…$/u);
  });

  test("don't leak the key or a signed URL through a job's error", async t => {
    const message = 'mhk_live_test could not read https://videos.example/a.png?sig=1';
    const api = await reading(t, { ...project, status: 'error', error: { message, code: 'x' } });
    assert.equal(
      (await api.project('image', 'abc')).error?.message,
      '[key] could not read https://videos.example/a.png',
    );
  });

  test('to a create request have the price in any of three fields, or in none', async t => {
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

  test("may lack the account's credits", async t => {
    assert.equal(await (await reading(t, { id: 'a' })).account(), undefined);
    const server = await origin(t, answering(404, '{"message":"Not Found"}'));
    assert.equal(await clientOf(t, server.url).account(), undefined);
  });

  test('have one upload target for each file, in order, with a safe URL', async t => {
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

  test('are rejected when they are about another project', async t => {
    const api = await reading(t, { ...project, id: 'other' });
    assert.equal((await failureOf(api.project('image', 'abc'))).text.key, 'api.malformed');
  });

  test('are rejected when the ID has unsafe characters', async t => {
    const api = await reading(t, { id: '../../x', credits_charged: 50 });
    const error = await failureOf(api.create(path, headshot));
    assert.equal(error.text.key, 'api.create.unsure');
    assert.equal(error.details.mayHaveBeenCreated, true);
  });

  test('are rejected when they are a web page', async t => {
    const page = answering(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });
    const api = clientOf(t, (await origin(t, page)).url);
    assert.equal((await failureOf(api.account())).text.key, 'api.notMagicHour');
    assert.equal((await failureOf(api.project('image', 'abc'))).text.key, 'api.notMagicHour');
  });

  test('are rejected when their JSON is incomplete or endless', async t => {
    const { server, api } = await connectToFakeApi(t);
    server.control.fault({ operation: 'account', action: { kind: 'malformed' } });
    assert.equal((await failureOf(api.account())).text.key, 'api.malformed');
    server.control.fault({ operation: 'account', action: { kind: 'oversize' } });
    const error = await failureOf(api.account());
    assert.equal(error.text.key, 'api.tooLarge');
    assert.equal(error.details.mayHaveBeenCreated, false);
    assert.ok(await api.account());
  });
});
