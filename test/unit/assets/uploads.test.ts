import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { SendFile } from '../../../src/assets/sendFile.ts';
import { createAssetUpload } from '../../../src/assets/uploads.ts';
import type { AssetUpload, Clock, PreparedInput } from '../../../src/jobs/ports.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { temporaryFolder } from './media.ts';

type Outgoing = PreparedInput & { kind: 'upload' };

const root = temporaryFolder();
const log = { trace() {}, info() {}, warn() {}, error() {} };
const hour = 3600_000;
const key = 'mhk_live_secret';

/** A server that takes files when the test lets it. */
class Server {
  readonly begun: Outgoing[] = [];
  readonly ended: string[] = [];
  gate = Promise.resolve();
  failure: unknown;

  readonly send: SendFile = async (file, { signal, onProgress }) => {
    this.begun.push(file);
    const bytes = await readFile(file.path);
    onProgress(bytes.length / 2);
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.gate.then(resolve, reject);
    });
    if (this.failure !== undefined) throw this.failure;
    onProgress(bytes.length);
    return `api-assets/${this.ended.push(file.path)}.${file.extension}`;
  };
}

let folder: string;
let server: Server;
let now: number;
let account: string | undefined;
let count = 0;

/** A window: uploads know each other within one, and share the folder with the others. */
const window = (): AssetUpload =>
  createAssetUpload({
    api: () => Promise.reject(new Error('only the fake API sends')),
    folder: join(folder, 'uploads'),
    account: () => Promise.resolve(account),
    clock: { now: () => now } as Clock,
    log,
    send: server.send,
  });

async function file(content: string, name = `${++count}.png`): Promise<Outgoing> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { kind: 'upload', path, bytes: (await stat(path)).size, type: 'image', extension: 'png' };
}

const go = (
  uploads: AssetUpload,
  input: PreparedInput,
  {
    signal = new AbortController().signal,
    onProgress = () => undefined,
  }: { signal?: AbortSignal; onProgress?: (fraction: number) => void } = {},
): Promise<string | undefined> =>
  uploads.upload({ image: input }, { signal, onProgress }).then(({ image }) => image);

/** Resolves once the condition holds; the test's own time limit is the other end. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** Uploads that every window knows of: they are written down beside the job that goes on. */
const remembered = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    /[0-9a-f]{64}\.image\.\w+$/.test(name),
  );

/** Uploads in a window of its own, until other windows know. */
async function goAndRemember(input: PreparedInput): Promise<string | undefined> {
  const before = remembered().length;
  const reference = await go(window(), input);
  await until(() => remembered().length > before);
  return reference;
}

beforeEach(async () => {
  folder = join(root, String(++count));
  await mkdir(folder);
  server = new Server();
  now = Date.now();
  account = key;
});

describe('the same bytes go up once', () => {
  it('across jobs, names and windows', async () => {
    const first = await goAndRemember(await file('portrait'));
    assert.equal(first, 'api-assets/1.png');
    assert.equal(await go(window(), await file('portrait', 'other name.png')), first);
    assert.equal(server.begun.length, 1);
  });

  it('also right after it has arrived', async () => {
    const uploads = window();
    const first = await go(uploads, await file('portrait'));
    assert.equal(await go(uploads, await file('portrait')), first);
  });

  it('also when the file is removed as soon as it is sent', async () => {
    const cut = await file('a cut');
    await go(window(), cut);
    await rm(cut.path);
    await until(() => remembered().length === 1);
    assert.equal(await go(window(), await file('a cut')), 'api-assets/1.png');
  });

  it('but other bytes of the same size, or another extension, are another file', async () => {
    const uploads = window();
    await go(uploads, await file('portrait'));
    await go(uploads, await file('portraiT'));
    await go(uploads, { ...(await file('portrait')), extension: 'webp' });
    assert.equal(server.begun.length, 3);
  });

  it('while they are under way: 50 jobs, 10 images, 10 uploads', async () => {
    const uploads = window();
    const files = await Promise.all(Array.from({ length: 50 }, (_, i) => file(`image ${i % 10}`)));
    const references = await Promise.all(files.map(each => go(uploads, each)));
    assert.equal(server.begun.length, 10);
    assert.equal(new Set(references).size, 10);
    assert.equal(references[3], references[43]);
  });

  it('for 6 days, since the server keeps them 7', async () => {
    const uploads = window();
    await go(uploads, await file('portrait'));
    now += 6 * 24 * hour - 1;
    await go(uploads, await file('portrait'));
    assert.equal(server.begun.length, 1);
    now += 2;
    await go(uploads, await file('portrait'));
    assert.equal(server.begun.length, 2);
  });

  it('per account', async () => {
    await goAndRemember(await file('portrait'));
    account = 'another key';
    await go(window(), await file('portrait'));
    assert.equal(server.begun.length, 2);
  });

  it('until they are forgotten', async () => {
    const uploads = window();
    const reference = await go(uploads, await file('portrait'));
    await uploads.forget(['api-assets/of-another']);
    await go(uploads, await file('portrait'));
    assert.equal(server.begun.length, 1);
    await until(() => remembered().length === 1);
    await window().forget([reference ?? '']);
    await go(window(), await file('portrait'));
    assert.equal(server.begun.length, 2);
  });

  it('or forgotten before they were written down', async () => {
    const uploads = window();
    const reference = await go(uploads, await file('portrait'));
    await uploads.forget([reference ?? '']);
    assert.equal(await go(uploads, await file('portrait')), 'api-assets/2.png');
    await until(() => remembered().length === 1);
    assert.equal(await go(window(), await file('portrait')), 'api-assets/2.png');
  });

  it('and a broken memory only costs an upload', async () => {
    await goAndRemember(await file('portrait'));
    for (const name of readdirSync(join(folder, 'uploads'), { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.png')) await writeFile(join(folder, 'uploads', name), '{"filePa');
    assert.equal(await go(window(), await file('portrait')), 'api-assets/2.png');
  });

  it('without the key on disk', async () => {
    await goAndRemember(await file('portrait'));
    const names = readdirSync(join(folder, 'uploads'), { recursive: true, encoding: 'utf8' });
    assert.ok(names.length >= 3);
    const unsalted = createHash('sha256').update(key).digest('hex');
    for (const name of names) {
      const path = join(folder, 'uploads', name);
      const text = name + ((await stat(path)).isFile() ? readFileSync(path, 'utf8') : '');
      assert.ok(!text.includes(key) && !text.includes(unsalted.slice(0, 32)), name);
    }
  });
});

describe('waiting for an upload', () => {
  it('who leaves does not disturb the others', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const uploads = window();
    const portrait = await file('portrait');
    const leaving = new AbortController();
    const first = go(uploads, portrait, { signal: leaving.signal });
    await until(() => server.begun.length === 1);
    let joined = false;
    const second = go(uploads, portrait, { onProgress: () => (joined = true) });
    await until(() => joined);
    leaving.abort(new Error('stopped'));
    await assert.rejects(first, /stopped/);
    gate.resolve();
    assert.equal(await second, 'api-assets/1.png');
    assert.equal(server.begun.length, 1);
  });

  it('the last to leave ends it', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const leaving = new AbortController();
    const only = go(window(), await file('portrait'), { signal: leaving.signal });
    await until(() => server.begun.length === 1);
    leaving.abort(new Error('stopped'));
    await assert.rejects(only, /stopped/);
    gate.resolve();
    await new Promise(setImmediate);
    assert.deepEqual(server.ended, []);
  });

  it('who waited for an upload that failed sends its own', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const uploads = window();
    const [one, two] = [await file('portrait'), await file('portrait')];
    const first = go(uploads, one);
    await until(() => server.begun.length === 1);
    const second = go(uploads, two);
    server.failure = new Error('line cut');
    gate.resolve();
    await assert.rejects(first, /line cut/);
    await until(() => server.begun.length === 2).then(() => (server.failure = undefined));
    assert.equal(await second, 'api-assets/1.png');
  });

  it('image and audio go side by side, with one progress', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const seen: number[] = [];
    const inputs = {
      image: await file('12'),
      audio: await file('123456'),
      logo: { kind: 'reference', reference: 'https://example.com/a.png' } as const,
    };
    const all = window().upload(inputs, {
      signal: new AbortController().signal,
      onProgress: fraction => seen.push(fraction),
    });
    await until(() => seen.includes(0.5));
    gate.resolve();
    const references = await all;
    assert.equal(references['logo'], 'https://example.com/a.png');
    assert.equal(new Set(Object.values(references)).size, 3);
    assert.equal(seen.at(-1), 1);
  });

  it('one that fails ends the other', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const gone = await file('gone');
    const inputs = { image: await file('portrait'), audio: gone };
    await rm(gone.path);
    await assert.rejects(
      window().upload(inputs, { signal: new AbortController().signal, onProgress() {} }),
      (error: HumanError) => error.text.key === 'asset.vanished',
    );
    assert.deepEqual(server.ended, []);
  });
});

describe('a file that changes', () => {
  const isChanged = (error: HumanError) => error.text.key === 'asset.changed';

  it('before its upload is not sent', async () => {
    const portrait = await file('portrait');
    await writeFile(portrait.path, 'portrait, retouched');
    await assert.rejects(go(window(), portrait), isChanged);
    assert.equal(server.begun.length, 0);
  });

  it('during its upload is not used, and not remembered', async () => {
    const gate = Promise.withResolvers<void>();
    server.gate = gate.promise;
    const uploads = window();
    const portrait = await file('portrait');
    const upload = go(uploads, portrait);
    await until(() => server.begun.length === 1);
    await utimes(portrait.path, 1, 1);
    gate.resolve();
    await assert.rejects(upload, isChanged);
    await go(uploads, portrait);
    assert.equal(server.begun.length, 2);
  });

  it('after its upload is not taken for what was sent', async () => {
    const uploads = window();
    const portrait = await file('portrait');
    const first = go(uploads, portrait);
    await until(() => server.ended.length === 1);
    await writeFile(portrait.path, 'PORTRAIT');
    await first.catch((error: HumanError) => assert.ok(isChanged(error), String(error)));
    assert.notEqual(await go(uploads, await file('PORTRAIT')), 'api-assets/1.png');
  });
});
