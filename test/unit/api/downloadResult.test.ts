import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { downloadResult } from '../../../src/api/downloadResult.ts';
import type { MagicHourApi } from '../../../src/api/types.ts';
import type { FakeApi } from '../../fake-api/server.ts';
import { failureOf, folder, quickClock, connectToFakeApi } from './support/client.ts';

const count = (server: FakeApi, operation: string): number =>
  server.control.requests.filter(request => request.operation === operation).length;

/** Creates a project and completes it with a result of 2 MB. */
async function complete(t: TestContext) {
  const { server, api } = await connectToFakeApi(t, {
    behavior: { clock: 'manual', videoPadding: 2_000_000 },
  });
  const body = {
    assets: {
      image_file_path: 'https://example.com/anna.png',
      audio_file_path: 'https://example.com/voice.mp3',
    },
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
  test('resumes after the connection drops, with the validator of what it has', async t => {
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

  test('retries while bytes arrive, and gives up after five attempts without any', async t => {
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

  test("starts over if the server doesn't support ranges", async t => {
    const { server, api, id, file, content } = await complete(t);
    server.control.configure({ ranges: false });
    server.control.fault({ operation: 'download', action: { kind: 'truncate', atByte: 300_000 } });
    await download(api, id, file);
    assert.ok(content.equals(await readFile(file)));
  });

  test('renews an expired URL', async t => {
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

  test('ends immediately when everything is already there', async t => {
    const { api, id, file, content } = await complete(t);
    await writeFile(file, content);
    assert.equal((await download(api, id, file)).bytes, content.length);
  });

  test("fails when the project or its result doesn't exist", async t => {
    const { server, api, id, file } = await complete(t);
    const ref = { kind: 'video', id, index: 3 } as const;
    const error = await failureOf(downloadResult(api, ref, file, { clock: quickClock() }));
    assert.equal(error.text.key, 'api.project.notComplete');
    server.control.remove(id);
    assert.equal((await failureOf(download(api, id, file))).text.key, 'api.project.missing');
  });
});
