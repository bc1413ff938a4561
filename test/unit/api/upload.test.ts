import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { defaultLimits } from '../../../src/api/limits.ts';
import { clientOf, failureOf, folder, connectToFakeApi } from './support/client.ts';
import { origin } from './support/origin.ts';

async function fileOf(t: TestContext, content: Uint8Array): Promise<{ path: string; bytes: number }> {
  const file = path.join(await folder(t), 'voice over.wav');
  await writeFile(file, content);
  return { path: file, bytes: content.byteLength };
}

suite('an upload', () => {
  test('arrives complete, with a length and without the key', async t => {
    const content = randomBytes(5_000_000);
    const { server, api } = await connectToFakeApi(t);
    const [target] = await api.uploadUrls([{ type: 'audio', extension: 'wav' }]);
    assert.ok(target);
    const progress: number[] = [];
    await api.put(target.url, await fileOf(t, content), {
      onProgress: bytes => progress.push(bytes),
    });
    assert.ok(content.equals(server.control.uploadedBytes(target.filePath)));
    assert.equal(progress.at(-1), content.byteLength);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    const { headers } = server.control.requests.find(({ operation }) => operation === 'put') ?? {};
    assert.equal(headers?.['content-length'], '5000000');
    assert.deepEqual(Object.keys(headers ?? {}).toSorted(), [
      'connection',
      'content-length',
      'host',
      'user-agent',
    ]);
  });

  test("doesn't start when the size of the file has changed", async t => {
    const server = await origin(t, (_request, response) => response.end());
    const api = clientOf(t, server.url);
    const file = await fileOf(t, randomBytes(100));
    for (const bytes of [99, 101]) {
      const error = await failureOf(api.put(server.url, { ...file, bytes }));
      assert.deepEqual([error.text.key, error.text.args], ['api.upload.changed', { name: 'voice over.wav' }]);
    }
  });

  for (const [what, change] of [
    ['grows', (file: string) => appendFile(file, 'more')],
    ['is emptied', (file: string) => writeFile(file, '')],
  ] as const) {
    test(`is incomplete when the file ${what} in the meantime`, async t => {
      const { server, api } = await connectToFakeApi(t);
      const [target] = await api.uploadUrls([{ type: 'audio', extension: 'wav' }]);
      const file = await fileOf(t, randomBytes(3_000_000));
      server.control.fault({ operation: 'put', action: { kind: 'hold', atByte: 1 } });
      const upload = failureOf(api.put(target?.url ?? '', file));
      await server.control.held('put');
      await change(file.path);
      server.control.release('put');
      assert.equal((await upload).text.key, 'api.upload.changed');
      assert.deepEqual(server.control.uploads(), []);
    });
  }

  test("fails when the file is missing or can't be read", async t => {
    const api = clientOf(t, 'http://127.0.0.1:1');
    const file = await fileOf(t, randomBytes(10));
    if (process.getuid?.() !== 0) {
      await chmod(file.path, 0);
      assert.equal((await failureOf(api.put('http://127.0.0.1:1', file))).text.key, 'api.upload.unreadable');
    }
    await rm(file.path);
    const error = await failureOf(api.put('http://127.0.0.1:1', file));
    assert.deepEqual([error.text.key, error.details.transient], ['api.upload.unreadable', false]);
  });

  test('handles each error of the storage', async t => {
    const xml = (code: string): string =>
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Request has expired</Message><StringToSign>sig</StringToSign></Error>`;
    for (const [status, reply, key, transient] of [
      [403, xml('AccessDenied'), 'api.upload.expired', true],
      [400, xml('ExpiredToken'), 'api.upload.expired', true],
      [400, xml('RequestTimeout'), 'api.network.stalled', true],
      [413, '', 'api.upload.tooLarge', false],
      [400, xml('EntityTooLarge'), 'api.upload.tooLarge', false],
      [411, '', 'api.upload.refused', false],
      [500, '', 'api.upload.refused', true],
      [503, xml('SlowDown'), 'api.upload.refused', true],
    ] as const) {
      const server = await origin(t, (request, response) => {
        request
          .resume()
          .on('end', () => response.writeHead(status, { 'content-type': 'application/xml' }).end(reply));
      });
      const error = await failureOf(
        clientOf(t, server.url).put(server.url, await fileOf(t, randomBytes(10))),
      );
      assert.deepEqual([error.text.key, error.details.transient], [key, transient], `${status} ${reply}`);
      assert.equal(error.details.serverWords, reply ? 'Request has expired' : undefined);
    }
  });

  test('reports an error that arrives before its end', async t => {
    const { server, api } = await connectToFakeApi(t);
    const [target] = await api.uploadUrls([{ type: 'audio', extension: 'wav' }]);
    server.control.fault({ operation: 'put', action: { kind: 'status', status: 413, early: true } });
    const error = await failureOf(api.put(target?.url ?? '', await fileOf(t, randomBytes(20_000_000))));
    assert.ok(['api.upload.tooLarge', 'api.network.lost'].includes(error.text.key), error.text.key);
  });

  test('fails when the storage stops reading', async t => {
    const server = await origin(t, request => request.pause());
    const limits = { ...defaultLimits, upload: { headers: 300, idle: 300 } };
    const api = clientOf(t, server.url, { limits });
    const error = await failureOf(api.put(server.url, await fileOf(t, randomBytes(30_000_000))));
    assert.deepEqual([error.text.key, error.details.transient], ['api.network.stalled', true]);
  });

  test('continues while the storage reads slowly', async t => {
    const { server, api } = await connectToFakeApi(t, {
      client: { limits: { ...defaultLimits, upload: { headers: 1500, idle: 1500 } } },
    });
    const [target] = await api.uploadUrls([{ type: 'audio', extension: 'wav' }]);
    server.control.fault({ operation: 'put', action: { kind: 'slow', bytesPerSecond: 4_000_000 } });
    await api.put(target?.url ?? '', await fileOf(t, randomBytes(12_000_000)));
    assert.equal(server.control.uploads()[0]?.length, 12_000_000);
  });

  test('stops when aborted', async t => {
    const { server, api } = await connectToFakeApi(t);
    const [target] = await api.uploadUrls([{ type: 'audio', extension: 'wav' }]);
    server.control.fault({ operation: 'put', action: { kind: 'hold', atByte: 1 } });
    const stop = new AbortController();
    const file = await fileOf(t, randomBytes(30_000_000));
    const upload = api.put(target?.url ?? '', file, { signal: stop.signal });
    await server.control.held('put');
    const reason = new Error('enough');
    stop.abort(reason);
    await assert.rejects(upload, thrown => thrown === reason);
    assert.deepEqual(server.control.uploads(), []);
  });
});
