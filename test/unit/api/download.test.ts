import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { defaultLimits } from '../../../src/api/limits.ts';
import { clientOf, failureOf, folder, connectToFakeApi } from './support/client.ts';
import { origin } from './support/origin.ts';

const content = randomBytes(3_000_000);

interface Serving {
  readonly status?: number;
  readonly headers?: Record<string, string | number>;
  /** The part of the content that is sent. */
  readonly slice?: readonly [number, number?];
}

/** Starts a storage host with one file, which can be made to misbehave. */
async function storage(t: TestContext, serving: Serving | ((range: string | undefined) => Serving) = {}) {
  const server = await origin(t, (request, response) => {
    const {
      status = 200,
      headers,
      slice = [0],
    } = typeof serving === 'function' ? serving(request.headers.range) : serving;
    const bytes = content.subarray(...slice);
    response.writeHead(status, { 'content-type': 'video/mp4', 'content-length': bytes.length, ...headers });
    response.end(bytes);
  });
  return { server, api: clientOf(t, server.url), file: path.join(await folder(t), 'result.part') };
}

const ranged = (range: string | undefined, extra: Record<string, string> = {}): Serving => {
  const from = Number(/^bytes=(\d+)-$/u.exec(range ?? '')?.[1] ?? 0);
  if (!range) return { headers: extra };
  const headers = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}`, ...extra };
  return { status: 206, headers, slice: [from] };
};

suite('a download', () => {
  for (const [how, length] of [
    ['says so', { 'content-length': content.length }],
    ['does not say so', {}],
  ] as const) {
    test(`that is far too long is aborted, when the server ${how} in advance`, async t => {
      const server = await origin(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'video/mp4', ...length });
        response.end(content);
      });
      const download = { ...defaultLimits.download, bytes: 2_000_000 };
      const api = clientOf(t, server.url, { limits: { ...defaultLimits, download } });
      const file = path.join(await folder(t), 'result.part');
      const { text, details } = await failureOf(api.get(server.url, file));
      assert.equal(text.key, 'api.download.tooLong');
      assert.equal(details.transient, false);
      assert.equal((await stat(file)).size, 0);
    });
  }

  test('arrives complete, with its length, type and validator', async t => {
    const { server, api, file } = await storage(t, {
      headers: { etag: '"v1"', 'content-type': 'Video/MP4; x=y' },
    });
    const progress: number[] = [];
    let length = 0;
    let validator = '';
    const got = await api.get(`${server.url}/output.mp4?sig=1`, file, {
      onProgress: bytes => progress.push(bytes),
      onLength: bytes => (length = bytes),
      onValidator: found => (validator = found),
    });
    assert.deepEqual(got, { bytes: content.length, mediaType: 'video/mp4' });
    assert.ok(content.equals(await readFile(file)));
    assert.deepEqual([length, validator, progress.at(-1)], [content.length, '"v1"', content.length]);
    assert.equal(server.seen[0]?.headers.authorization, undefined);
    assert.equal(server.seen[0]?.headers.range, undefined);
  });

  test('replaces a longer file of the same name', async t => {
    const { server, api, file } = await storage(t);
    await writeFile(file, randomBytes(content.length + 1000));
    await api.get(server.url, file);
    assert.ok(content.equals(await readFile(file)));
  });

  test('resumes after the existing bytes', async t => {
    const { server, api, file } = await storage(t, range => ranged(range, { etag: '"v1"' }));
    await writeFile(file, content.subarray(0, 1_000_000));
    const progress: number[] = [];
    const got = await api.get(server.url, file, {
      from: 1_000_000,
      ifRange: '"v1"',
      onProgress: bytes => progress.push(bytes),
    });
    assert.equal(got.bytes, content.length);
    assert.ok(content.equals(await readFile(file)));
    assert.equal(progress[0], 1_000_000);
    assert.equal(server.seen[0]?.headers.range, 'bytes=1000000-');
    assert.equal(server.seen[0]?.headers['if-range'], '"v1"');
  });

  test('never tries to resume after more bytes than exist', async t => {
    const { server, api, file } = await storage(t, ranged);
    await writeFile(file, content.subarray(0, 10));
    await api.get(server.url, file, { from: 5000 });
    assert.equal(server.seen[0]?.headers.range, 'bytes=10-');
    assert.ok(content.equals(await readFile(file)));
  });

  test('starts over when the server ignores the range', async t => {
    const { server, api, file } = await storage(t);
    await writeFile(file, randomBytes(1_000_000));
    assert.equal((await api.get(server.url, file, { from: 1_000_000 })).bytes, content.length);
    assert.ok(content.equals(await readFile(file)));
  });

  test("rejects a range that it didn't request, and starts over the next time", async t => {
    for (const headers of [
      { 'content-range': `bytes 0-${content.length - 1}/${content.length}` },
      { 'content-range': 'nonsense' },
      {},
    ] as Record<string, string>[]) {
      const { server, api, file } = await storage(t, { status: 206, headers });
      await writeFile(file, content.subarray(0, 1000));
      const error = await failureOf(api.get(server.url, file, { from: 1000 }));
      assert.deepEqual([error.text.key, error.details.transient], ['api.download.truncated', true]);
      assert.equal((await readFile(file)).length, 0);
    }
  });

  test('ends when nothing is left to download, and starts over when the file is too long', async t => {
    const { server, api, file } = await storage(t, {
      status: 416,
      headers: { 'content-range': `bytes */${content.length}` },
      slice: [0, 0],
    });
    await writeFile(file, content);
    assert.equal((await api.get(server.url, file, { from: content.length })).bytes, content.length);
    await writeFile(file, randomBytes(content.length + 1));
    const error = await failureOf(api.get(server.url, file, { from: content.length + 1 }));
    assert.equal(error.details.status, 416);
    assert.equal((await readFile(file)).length, 0);
  });

  test('keeps what arrived before the connection drops', async t => {
    const { server, api } = await connectToFakeApi(t);
    const file = path.join(await folder(t), 'result.part');
    const made = await api.create('/v1/ai-headshot-generator', {
      assets: { image_file_path: 'https://example.com/anna.png' },
    });
    server.control.complete(made.id);
    const url = (await api.project('image', made.id)).downloads[0]?.url ?? '';
    server.control.fault({ operation: 'download', action: { kind: 'truncate', atByte: 100 } });
    const error = await failureOf(api.get(url, file));
    assert.deepEqual([error.text.key, error.details.transient], ['api.network.lost', true]);
    assert.equal((await readFile(file)).length, 100);
    await api.get(url, file, { from: 100 });
    assert.ok((await readFile(file)).equals(server.control.resultBytes(made.id)));
  });

  test("fails when the body stalls, and continues when it's slow", async t => {
    const limits = { ...defaultLimits, download: { headers: 400, idle: 400 } };
    const { server, api } = await connectToFakeApi(t, { client: { limits } });
    const file = path.join(await folder(t), 'result.part');
    const made = await api.create('/v1/ai-headshot-generator', {
      assets: { image_file_path: 'https://example.com/anna.png' },
    });
    server.control.complete(made.id);
    const url = (await api.project('image', made.id)).downloads[0]?.url ?? '';
    const { length } = server.control.resultBytes(made.id);
    server.control.fault({ operation: 'download', action: { kind: 'stall' } });
    assert.equal((await failureOf(api.get(url, file))).text.key, 'api.network.stalled');
    const bytesPerSecond = Math.ceil(length / 1.5);
    server.control.fault({ operation: 'download', action: { kind: 'slow', bytesPerSecond } });
    assert.equal((await api.get(url, file)).bytes, length);
  });

  test('handles each error of the storage', async t => {
    for (const [status, key] of [
      [403, 'api.download.expired'],
      [401, 'api.download.expired'],
      [410, 'api.download.expired'],
      [404, 'api.download.missing'],
      [500, 'api.download.refused'],
    ] as const) {
      const { server, api, file } = await storage(t, { status, slice: [0, 0] });
      const error = await failureOf(api.get(server.url, file));
      assert.deepEqual([error.text.key, error.details.status, error.details.transient], [key, status, true]);
    }
  });

  test("rejects what isn't media", async t => {
    for (const headers of [
      { 'content-type': 'text/html; charset=utf-8' },
      { 'content-type': 'application/json' },
      { 'content-encoding': 'gzip' },
    ] as Record<string, string>[]) {
      const { server, api, file } = await storage(t, { headers });
      await writeFile(file, 'kept');
      assert.equal((await failureOf(api.get(server.url, file))).text.key, 'api.download.notMedia');
      assert.equal(await readFile(file, 'utf8'), 'kept');
    }
  });

  test('rejects an empty result', async t => {
    const { server, api, file } = await storage(t, { slice: [0, 0] });
    assert.equal((await failureOf(api.get(server.url, file))).text.key, 'api.download.truncated');
  });

  test("fails when the target can't be written", async t => {
    const { server, api, file } = await storage(t);
    await mkdir(file);
    const error = await failureOf(api.get(server.url, file));
    assert.deepEqual([error.text.key, error.suggestedAction], ['save.notWritable', 'chooseFolder']);
    assert.equal(server.seen.length, 0);
  });
});
