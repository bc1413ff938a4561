import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { ApiError } from '../../../src/api/errors.ts';
import type { MagicHourApi, UploadItem } from '../../../src/api/types.ts';
import { createAssetUpload } from '../../../src/assets/uploads.ts';
import type { AssetUpload, PreparedInput } from '../../../src/jobs/ports.ts';
import { failureOf, quickClock, connectToFakeApi } from '../api/support/client.ts';
import { temporaryFolder } from './media.ts';

type InputFile = PreparedInput & { kind: 'upload' };

const root = temporaryFolder();
const hour = 3600_000;

/** A fake client whose uploads the test can hold. */
class Server {
  readonly requests: (readonly UploadItem[])[] = [];
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  gate = Promise.resolve();
  /** Extensions that the server refuses. */
  readonly refused = new Set<string>();
  failure: unknown;

  readonly client = {
    uploadUrls: async (items: readonly UploadItem[]) => {
      this.requests.push(items);
      if (items.some(({ extension }) => this.refused.has(extension)))
        throw new ApiError('api.upload.type', {
          operation: 'uploadUrls',
          status: 422,
          transient: false,
          mayHaveBeenCreated: false,
        });
      return items.map(({ extension }, index) => {
        const filePath = `api-assets/${this.requests.length}-${index}.${extension}`;
        return { url: `https://storage.example/${filePath}`, expiresAt: undefined, filePath };
      });
    },
    put: async (
      _url: string,
      file: { readonly path: string },
      { signal, onProgress }: { signal?: AbortSignal; onProgress?: (bytes: number) => void } = {},
    ) => {
      this.begun.push(file.path);
      const { length } = await readFile(file.path);
      onProgress?.(length / 2);
      await new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.gate.then(resolve, reject);
      });
      if (this.failure !== undefined) throw this.failure;
      onProgress?.(length);
      this.ended.push(file.path);
    },
  } as unknown as MagicHourApi;
}

let folder: string;
let server: Server;
let now: number;
let count = 0;

const newUploads = (api = () => server.client): AssetUpload =>
  createAssetUpload({
    api: () => Promise.resolve(api()),
    clock: { ...quickClock(), now: () => now },
  });

async function file(content: string, change: Partial<InputFile> = {}): Promise<InputFile> {
  const path = join(folder, `${++count}.png`);
  await writeFile(path, content);
  const { size, mtimeMs } = await stat(path);
  return { kind: 'upload', path, bytes: size, modified: mtimeMs, type: 'image', extension: 'png', ...change };
}

interface Options {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

async function send(uploads: AssetUpload, input: PreparedInput, options: Options = {}): Promise<string> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = options;
  const { image } = await uploads.upload({ image: input }, { signal, onProgress });
  return image ?? '';
}

/** Resolves once the condition is true. If it never is, the test times out. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** Holds all PUTs until the returned function is called. */
function hold(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.gate = promise;
  return resolve;
}

beforeEach(async () => {
  folder = join(root, String(++count));
  await mkdir(folder);
  server = new Server();
  now = Date.now();
});

describe('the same bytes are uploaded once', () => {
  it('across jobs and file names', async () => {
    const uploads = newUploads();
    const first = await send(uploads, await file('portrait'));
    assert.equal(await send(uploads, await file('portrait')), first);
    assert.equal(server.begun.length, 1);
  });

  it('but not for other bytes of the same size, or another extension', async () => {
    const uploads = newUploads();
    await send(uploads, await file('portrait'));
    await send(uploads, await file('portraiT'));
    await send(uploads, await file('portrait', { extension: 'webp' }));
    assert.equal(server.begun.length, 3);
  });

  it('while an upload is in progress: 50 jobs with 10 different images cause 10 uploads', async () => {
    const uploads = newUploads();
    const files = await Promise.all(Array.from({ length: 50 }, (_, i) => file(`image ${i % 10}`)));
    const references = await Promise.all(files.map(each => send(uploads, each)));
    assert.equal(server.begun.length, 10);
    assert.equal(new Set(references).size, 10);
    assert.equal(references[3], references[43]);
  });

  it('when a cut of the same audio was removed after its upload', async () => {
    const uploads = newUploads();
    const cut = await file('a cut', { source: 'voice.wav 1–2 s' });
    const first = await send(uploads, cut);
    await rm(cut.path);
    assert.equal(await send(uploads, await file('a cut', { source: 'voice.wav 1–2 s' })), first);
    assert.equal(server.begun.length, 1);
  });

  it('for 6 days, since the server keeps them for 7', async () => {
    const uploads = newUploads();
    await send(uploads, await file('portrait'));
    now += 6 * 24 * hour - 1;
    await send(uploads, await file('portrait'));
    assert.equal(server.begun.length, 1);
    now += 2;
    await send(uploads, await file('portrait'));
    assert.equal(server.begun.length, 2);
  });

  it('per client, that is, per account and server', async () => {
    const [one, other] = [server, new Server()];
    const uploads = newUploads(() => server.client);
    await send(uploads, await file('portrait'));
    server = other;
    await send(uploads, await file('portrait'));
    assert.deepEqual([one.begun.length, other.begun.length], [1, 1]);
  });

  it('until the server has forgotten them', async () => {
    const uploads = newUploads();
    const first = await send(uploads, await file('portrait'));
    await uploads.forget(['api-assets/another.png']);
    assert.equal(await send(uploads, await file('portrait')), first);
    await uploads.forget([first]);
    assert.notEqual(await send(uploads, await file('portrait')), first);
    assert.equal(server.begun.length, 2);
  });
});

describe('the inputs of one job', () => {
  const inputs = async (): Promise<Record<string, PreparedInput>> => ({
    image: await file('12'),
    audio: await file('123456', { type: 'audio', extension: 'mp3' }),
    logo: { kind: 'reference', reference: 'https://example.com/a.png' },
  });
  const { signal } = new AbortController();

  it('get their URLs with one request, and are uploaded in parallel with one progress', async () => {
    const release = hold();
    const seen: number[] = [];
    const all = newUploads().upload(await inputs(), { signal, onProgress: fraction => seen.push(fraction) });
    await until(() => seen.includes(0.5));
    release();
    assert.deepEqual(await all, {
      image: 'api-assets/1-0.png',
      audio: 'api-assets/1-1.mp3',
      logo: 'https://example.com/a.png',
    });
    assert.equal(seen.at(-1), 1);
    assert.equal(server.requests.length, 1);
  });

  it('stop when one of them fails', async () => {
    hold();
    const both = await inputs();
    await rm((both['audio'] as InputFile).path);
    await assert.rejects(newUploads().upload(both, { signal, onProgress() {} }), { code: 'ENOENT' });
    assert.deepEqual(server.ended, []);
  });

  it("need no request when there's no file", async () => {
    const image = { kind: 'reference', reference: 'https://example.com/a.png' } as const;
    assert.equal(await send(newUploads(), image), image.reference);
    assert.deepEqual(server.requests, []);
  });

  it('stay with their job when the server refuses a format', async () => {
    server.refused.add('webp');
    const uploads = newUploads();
    const [good, bad] = await Promise.allSettled([
      send(uploads, await file('portrait')),
      send(uploads, await file('landscape', { extension: 'webp' })),
    ]);
    assert.equal(good.status, 'fulfilled');
    assert.ok(bad.status === 'rejected' && bad.reason instanceof ApiError);
  });

  it('are uploaded by other jobs that wait for them when their own job fails', async () => {
    server.refused.add('webp');
    const uploads = newUploads();
    const voice = await file('voice', { type: 'audio', extension: 'mp3', source: 'voice' });
    const failing = uploads.upload(
      { image: await file('portrait', { extension: 'webp' }), audio: voice },
      { signal, onProgress() {} },
    );
    const other = send(uploads, { ...voice });
    await assert.rejects(failing, ApiError);
    assert.equal(await other, 'api-assets/2-0.mp3');
  });
});

describe('waiting for the same upload', () => {
  it('continues when another job stops', async () => {
    const release = hold();
    const uploads = newUploads();
    const leaving = new AbortController();
    const first = send(uploads, await file('portrait'), { signal: leaving.signal });
    await until(() => server.begun.length === 1);
    let joined = false;
    const second = send(uploads, await file('portrait'), { onProgress: () => (joined = true) });
    await until(() => joined);
    leaving.abort(new Error('stopped'));
    await assert.rejects(first, /stopped/);
    release();
    assert.equal(await second, 'api-assets/1-0.png');
    assert.equal(server.begun.length, 1);
  });

  it('aborts the upload when the last job stops', async () => {
    const release = hold();
    const leaving = new AbortController();
    const only = send(newUploads(), await file('portrait'), { signal: leaving.signal });
    await until(() => server.begun.length === 1);
    leaving.abort(new Error('stopped'));
    await assert.rejects(only, /stopped/);
    release();
    await new Promise(setImmediate);
    assert.deepEqual(server.ended, []);
  });

  it('falls back to a separate upload when it fails', async () => {
    const release = hold();
    const uploads = newUploads();
    const first = send(uploads, await file('portrait'));
    await until(() => server.begun.length === 1);
    let joined = false;
    const second = send(uploads, await file('portrait'), { onProgress: () => (joined = true) });
    await until(() => joined);
    server.failure = new Error('connection lost');
    const failed = assert.rejects(first, /connection lost/).then(() => (server.failure = undefined));
    release();
    await failed;
    assert.equal(await second, 'api-assets/2-0.png');
  });
});

describe('a file that changes', () => {
  it("after its upload isn't mistaken for what was uploaded", async () => {
    const uploads = newUploads();
    const portrait = await file('portrait');
    const first = await send(uploads, portrait);
    await writeFile(portrait.path, 'PORTRAIT');
    await utimes(portrait.path, 1, 1);
    assert.notEqual(await send(uploads, await file('PORTRAIT')), first);
    assert.notEqual(await send(uploads, await file('portrait')), first);
  });

  for (const [what, change] of [
    ['was rewritten with the same size', (path: string) => utimes(path, 1, 1)],
    ['grew', (path: string) => writeFile(path, 'portrait and more')],
  ] as const)
    it(`and ${what} since it was checked isn't uploaded`, async t => {
      const { server: fake, api } = await connectToFakeApi(t);
      const portrait = await file('portrait');
      await change(portrait.path);
      const error = await failureOf(
        send(
          newUploads(() => api),
          portrait,
        ),
      );
      assert.equal(error.text.key, 'api.upload.changed');
      assert.deepEqual(fake.control.uploads(), []);
    });
});

describe('over a real connection', () => {
  const connect = async (t: TestContext) => {
    const { server: fake, api } = await connectToFakeApi(t);
    const number = (operation: string): number =>
      fake.control.requests.filter(request => request.operation === operation).length;
    return { fake, number, uploads: newUploads(() => api) };
  };

  for (const [what, fault] of [
    ['loses the connection', { kind: 'reset', atByte: 100_000 }],
    ['gets a server error', { kind: 'status', status: 503 }],
    ['uses an expired URL', { kind: 'status', status: 403, json: { message: 'expired' } }],
  ] as const)
    it(`a PUT that ${what} is repeated with a new URL`, async t => {
      const { fake, number, uploads } = await connect(t);
      const content = 'x'.repeat(2_000_000);
      fake.control.fault({ operation: 'put', action: fault });
      const reference = await send(uploads, await file(content));
      assert.equal(Buffer.from(fake.control.uploadedBytes(reference)).toString(), content);
      assert.deepEqual([number('uploadUrls'), number('put')], [2, 2]);
      const puts = fake.control.requests.filter(({ operation }) => operation === 'put');
      assert.equal(new Set(puts.map(put => put.path)).size, 2);
    });

  it('a failed request for URLs is repeated', async t => {
    const { fake, uploads } = await connect(t);
    fake.control.fault({ operation: 'uploadUrls', times: 2, action: { kind: 'status', status: 500 } });
    await send(uploads, await file('portrait'));
    assert.equal(fake.control.uploads().length, 1);
  });

  it('gives up after five attempts', async t => {
    const { fake, number, uploads } = await connect(t);
    fake.control.fault({ operation: 'put', times: 'always', action: { kind: 'status', status: 500 } });
    const error = await failureOf(send(uploads, await file('portrait')));
    assert.equal(error.text.key, 'api.upload.refused');
    assert.equal(number('put'), 5);
  });

  it('an abort ends everything with its reason', async t => {
    const { fake, uploads } = await connect(t);
    const stop = new AbortController();
    const reason = new Error('stopped');
    fake.control.fault({ operation: 'put', action: { kind: 'hold' } });
    const upload = send(uploads, await file('portrait'), { signal: stop.signal });
    await fake.control.held('put');
    stop.abort(reason);
    await assert.rejects(upload, thrown => thrown === reason);
    assert.deepEqual(fake.control.uploads(), []);
  });
});
