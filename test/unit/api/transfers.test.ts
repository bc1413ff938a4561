import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { downloadResult, uploadFiles } from '../../../src/api/transfers.ts';
import type { UploadFile } from '../../../src/api/transfers.ts';
import type { MagicHourApi } from '../../../src/api/types.ts';
import type { FakeApi } from '../../fake-api/server.ts';
import { failureOf, folder, quickClock, standIn } from './support/client.ts';

async function filesOf(
  t: TestContext,
  sizes: readonly number[],
): Promise<(UploadFile & { content: Buffer })[]> {
  const place = await folder(t);
  return Promise.all(
    sizes.map(async (bytes, index) => {
      const content = randomBytes(bytes);
      const file = path.join(place, `${index}.wav`);
      await writeFile(file, content);
      return { path: file, bytes, type: 'audio', extension: 'wav', content };
    }),
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

const count = (server: FakeApi, operation: string): number =>
  server.control.requests.filter(request => request.operation === operation).length;

function assertStored(
  server: FakeApi,
  files: readonly { content: Buffer }[],
  handles: readonly string[],
): void {
  assert.equal(handles.length, files.length);
  for (const [index, { content }] of files.entries()) {
    assert.ok(content.equals(server.control.uploadedBytes(handles[index] ?? '')));
  }
}

suite('uploading files', () => {
  test('asks once for all addresses, and sends side by side', async t => {
    const { server, api } = await standIn(t);
    const files = await filesOf(t, [700_000, 300_000]);
    const progress: number[] = [];
    server.control.fault({ operation: 'put', times: 2, action: { kind: 'hold' } });
    const uploads = uploadFiles(api, files, {
      clock: quickClock(),
      onProgress: (bytes, total) => {
        assert.equal(total, 1_000_000);
        progress.push(bytes);
      },
    });
    await until(() => server.control.maxConcurrent.puts === 2);
    // Either may not be held yet, so as often as it takes.
    await until(() => server.control.release('put') === 0 && server.control.uploads().length === 2);
    assertStored(server, files, await uploads);
    assert.equal(count(server, 'uploadUrls'), 1);
    assert.equal(progress.at(-1), 1_000_000);
  });

  for (const [what, fault] of [
    ['breaks off', { kind: 'reset', atByte: 100_000 }],
    ['meets a server with a problem', { kind: 'status', status: 503 }],
    ['comes too late for its address', { kind: 'status', status: 403, json: { message: 'expired' } }],
  ] as const) {
    test(`a PUT that ${what} gets a fresh address and a fresh body`, async t => {
      const { server, api } = await standIn(t);
      const files = await filesOf(t, [2_000_000, 1000]);
      server.control.fault({ operation: 'put', action: fault });
      assertStored(server, files, await uploadFiles(api, files, { clock: quickClock() }));
      assert.equal(count(server, 'uploadUrls'), 2);
      assert.equal(count(server, 'put'), 3);
      const puts = server.control.requests.filter(({ operation }) => operation === 'put');
      assert.equal(new Set(puts.map(put => put.path)).size, 3);
    });
  }

  test('an addresses request that fails is made again', async t => {
    const { server, api } = await standIn(t);
    const files = await filesOf(t, [10]);
    server.control.fault({ operation: 'uploadUrls', times: 2, action: { kind: 'status', status: 500 } });
    assertStored(server, files, await uploadFiles(api, files, { clock: quickClock() }));
  });

  test('gives up after five attempts', async t => {
    const { server, api } = await standIn(t);
    server.control.fault({ operation: 'put', times: 'always', action: { kind: 'status', status: 500 } });
    const clock = quickClock();
    const error = await failureOf(uploadFiles(api, await filesOf(t, [10]), { clock }));
    assert.equal(error.text.key, 'api.upload.refused');
    assert.equal(count(server, 'put'), 5);
    assert.equal(clock.waits.length, 4);
  });

  test('one file that fails for good breaks off the others', async t => {
    const { server, api } = await standIn(t);
    const [good, bad] = await filesOf(t, [5_000_000, 10]);
    assert.ok(good && bad);
    server.control.fault({ operation: 'put', times: 'always', action: { kind: 'hold', atByte: 20 } });
    const error = await failureOf(uploadFiles(api, [good, { ...bad, bytes: 11 }], { clock: quickClock() }));
    assert.deepEqual([error.text.key, error.text.args], ['api.upload.changed', { name: '1.wav' }]);
    assert.deepEqual(server.control.uploads(), []);
  });

  test('an abort ends all, with its own reason', async t => {
    const { server, api } = await standIn(t);
    const stop = new AbortController();
    server.control.fault({ operation: 'put', times: 2, action: { kind: 'hold' } });
    const uploads = uploadFiles(api, await filesOf(t, [1000, 1000]), {
      clock: quickClock(),
      signal: stop.signal,
    });
    await server.control.held('put');
    const reason = new Error('enough');
    stop.abort(reason);
    await assert.rejects(uploads, thrown => thrown === reason);
    assert.deepEqual(server.control.uploads(), []);
  });

  test('of nothing asks for nothing', async t => {
    const { server, api } = await standIn(t);
    assert.deepEqual(await uploadFiles(api, [], { clock: quickClock() }), []);
    assert.equal(server.control.requests.length, 0);
  });
});

/** A complete project, with a result of some size. */
async function complete(t: TestContext) {
  const { server, api } = await standIn(t, { behaviour: { clock: 'manual', videoPadding: 2_000_000 } });
  const [image, audio] = await uploadFiles(api, await filesOf(t, [10, 10]), { clock: quickClock() });
  const body = {
    assets: { image_file_path: 'https://example.com/anna.png', audio_file_path: audio ?? image },
    start_seconds: 0,
    end_seconds: 3,
  };
  const { id } = await api.create('/v1/ai-talking-photo', body);
  server.control.complete(id);
  const file = path.join(await folder(t), 'result.part');
  return { server, api, id, file, content: Buffer.from(server.control.resultBytes(id)) };
}

const download = (api: MagicHourApi, id: string, file: string, clock = quickClock()) =>
  downloadResult(api, { kind: 'video', id, index: 0 }, file, { clock });

suite('downloading a result', () => {
  test('goes on where it broke off, with the identity of what it has', async t => {
    const { server, api, id, file, content } = await complete(t);
    server.control.fault({ operation: 'download', times: 3, action: { kind: 'truncate', atByte: 300_000 } });
    const progress: number[] = [];
    const got = await downloadResult(api, { kind: 'video', id, index: 0 }, file, {
      clock: quickClock(),
      onProgress: (bytes, total) => {
        if (total !== undefined) assert.equal(total, content.length);
        progress.push(bytes);
      },
    });
    assert.equal(got.bytes, content.length);
    assert.ok(content.equals(await readFile(file)));
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    const downloads = server.control.requests.filter(({ operation }) => operation === 'download');
    const asked = downloads.map(({ headers }) => headers['range']);
    assert.deepEqual(asked, [undefined, 'bytes=300000-', 'bytes=600000-', 'bytes=900000-']);
  });

  test('as often as it takes while bytes come, and five times while none do', async t => {
    const { server, api, id, file, content } = await complete(t);
    server.control.fault({ operation: 'download', times: 12, action: { kind: 'truncate', atByte: 100_000 } });
    await download(api, id, file);
    assert.ok(content.equals(await readFile(file)));

    const before = count(server, 'download');
    server.control.fault({ operation: 'download', times: 'always', action: { kind: 'status', status: 500 } });
    await writeFile(file, '');
    assert.equal((await failureOf(download(api, id, file))).text.key, 'api.download.refused');
    assert.equal(count(server, 'download') - before, 5);
  });

  test('starts over where ranges are not served', async t => {
    const { server, api, id, file, content } = await complete(t);
    server.control.configure({ ranges: false });
    server.control.fault({ operation: 'download', action: { kind: 'truncate', atByte: 300_000 } });
    await download(api, id, file);
    assert.ok(content.equals(await readFile(file)));
  });

  test('renews an address that expired', async t => {
    const { server, api, id, file, content } = await complete(t);
    server.control.fault({ operation: 'download', action: { kind: 'expire' } });
    await download(api, id, file);
    assert.ok(content.equals(await readFile(file)));
    assert.equal(count(server, 'videoProject'), 2);
    assert.deepEqual(
      server.control.requests.filter(({ operation }) => operation === 'download').map(({ status }) => status),
      [403, 200],
    );
  });

  test('is done at once when all is there', async t => {
    const { api, id, file, content } = await complete(t);
    await writeFile(file, content);
    assert.equal((await download(api, id, file)).bytes, content.length);
  });

  test('a project without that result, or without itself', async t => {
    const { server, api, id, file } = await complete(t);
    const ref = { kind: 'video', id, index: 3 } as const;
    const error = await failureOf(downloadResult(api, ref, file, { clock: quickClock() }));
    assert.equal(error.text.key, 'api.project.notComplete');
    server.control.remove(id);
    assert.equal((await failureOf(download(api, id, file))).text.key, 'api.project.missing');
  });
});
