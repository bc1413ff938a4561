import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test } from 'node:test';
import { clientOf, failureOf, folder } from './support/client.ts';
import { answering, origin } from './support/origin.ts';

const to = (location: string, status = 302): ReturnType<typeof answering> =>
  answering(status, '', { location });

suite('redirects', () => {
  test("of the API aren't followed by any operation", async t => {
    const other = await origin(t, answering(200, '{"id":"abc","credits":1,"status":"queued"}'));
    for (const status of [301, 302, 303, 307, 308]) {
      const api = clientOf(t, (await origin(t, to(other.url, status))).url);
      for (const call of [
        () => api.account(),
        () => api.project('image', 'abc'),
        () => api.create('/v1/x', {}),
        () => api.uploadUrls([{ type: 'image', extension: 'png' }]),
        () => api.deleteProject('image', 'abc'),
      ]) {
        const error = await failureOf(call());
        assert.equal(error.details.status, status);
      }
    }
    assert.equal(other.seen.length, 0);
  });

  test("of an upload aren't followed", async t => {
    const other = await origin(t, answering(200, ''));
    const storage = await origin(t, to(other.url, 307));
    const file = path.join(await folder(t), 'anna.png');
    await writeFile(file, 'bytes');
    const error = await failureOf(clientOf(t, storage.url).put(`${storage.url}/a`, { path: file, bytes: 5 }));
    assert.deepEqual([error.text.key, error.details.transient], ['api.upload.refused', true]);
    assert.equal(other.seen.length, 0);
  });

  test('of a download are followed up to three times, without the key', async t => {
    const file = path.join(await folder(t), 'result.png');
    const end = await origin(t, answering(200, 'the picture', { 'content-type': 'image/png' }));
    let url = end.url;
    const hops = [];
    for (let hop = 0; hop < 3; hop++) {
      const storage = await origin(t, to(`${url}/?sig=${hop}`));
      hops.push(storage);
      url = storage.url;
    }
    const api = clientOf(t, end.url);
    assert.equal((await api.get(url, file)).bytes, 11);
    assert.equal(await readFile(file, 'utf8'), 'the picture');
    for (const { seen } of [...hops, end]) {
      assert.equal(seen.length, 1);
      assert.equal(seen[0]?.headers.authorization, undefined);
    }
    const one = await origin(t, to(url));
    assert.equal((await failureOf(api.get(one.url, file))).text.key, 'api.download.refused');
  });

  test('of a download are rejected when they lead to an unsafe URL', async t => {
    const file = path.join(await folder(t), 'result.png');
    for (const unsafe of [
      'http://videos.example/a',
      'file:///etc/passwd',
      'https://user:word@videos.example/a',
    ]) {
      const storage = await origin(t, to(unsafe));
      const error = await failureOf(clientOf(t, storage.url).get(storage.url, file));
      assert.equal(error.text.key, 'api.storage.unsafe', unsafe);
    }
  });

  test("can't lead from a public API to this machine", async t => {
    const local = await origin(t, answering(200, 'x'));
    const api = clientOf(t, 'https://api.magichour.ai');
    const file = path.join(await folder(t), 'result.png');
    await writeFile(file, 'x');
    assert.equal((await failureOf(api.get(local.url, file))).text.key, 'api.storage.unsafe');
    assert.equal(
      (await failureOf(api.put(local.url, { path: file, bytes: 1 }))).text.key,
      'api.storage.unsafe',
    );
    assert.equal(await readFile(file, 'utf8'), 'x');
    assert.equal(local.seen.length, 0);
  });
});
