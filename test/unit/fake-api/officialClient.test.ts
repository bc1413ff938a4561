import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import magicHour from 'magic-hour';
import { DEFAULT_KEY } from '../../fake-api/accounts.ts';
import { TOOLS } from '../../fake-api/catalogue.ts';
import type { FakeApi } from '../../fake-api/server.ts';
import { isObject } from '../../fake-api/shape.ts';
import { exampleBody } from './examples.ts';
import { freshApi } from './support.ts';

/**
 * Verifies the fake API with the vendor's own client, whose response schemas are strict. Our client can rely on any
 * behavior that works with the vendor's client.
 */
process.env.MAGIC_HOUR_LOG_LEVEL = 'none';
process.env.MAGIC_HOUR_POLL_INTERVAL = '0.02';
// The client is a CommonJS module, so its default export is a property of the imported object.
const Client = magicHour.default;
type OfficialClient = InstanceType<typeof Client>;

const camelCase = (name: string): string =>
  name.replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase());

let folder = '';
const inFolder = (name: string): string => join(folder, name);
const client = (api: FakeApi, token = DEFAULT_KEY): OfficialClient =>
  new Client({ token, baseUrl: api.apiUrl });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'official-client-'));
  await writeFile(inFolder('portrait.png'), 'the bytes of a portrait');
  await writeFile(inFolder('speech.mp3'), 'the bytes of a speech');
});

after(async () => {
  // With --grep, this may run even if before() didn't.
  await rm(folder, { recursive: true, force: true });
});

test('creates a headshot from a local file and downloads it', async t => {
  const api = await freshApi(t);
  const result = await client(api).v1.aiHeadshotGenerator.generate(
    { name: 'Ada', style: { prompt: 'grey backdrop' }, assets: { imageFilePath: inFolder('portrait.png') } },
    { downloadDirectory: inFolder('headshot') },
  );
  assert.equal(result.status, 'complete');
  assert.equal(result.type, 'AI_HEADSHOT');
  assert.equal(result.creditsCharged, 50);
  assert.deepEqual(result.downloadedPaths, [inFolder('headshot/output.png')]);
  const saved = await readFile(inFolder('headshot/output.png'));
  assert.ok(saved.equals(api.control.resultBytes(result.id)));
  const [upload] = api.control.uploads();
  assert.ok(upload);
  assert.equal(Buffer.from(api.control.uploadedBytes(upload.filePath)).toString(), 'the bytes of a portrait');
  assert.deepEqual(api.control.creates('headshot')[0]?.body, {
    name: 'Ada',
    style: { prompt: 'grey backdrop' },
    assets: { image_file_path: upload.filePath },
  });
});

test('creates a talking photo from two local files and downloads it', async t => {
  const api = await freshApi(t, { behavior: { renderMs: { talkingPhoto: 100 } } });
  const result = await client(api).v1.aiTalkingPhoto.generate(
    {
      startSeconds: 2.5,
      endSeconds: 9.25,
      style: { generationMode: 'expressive', intensity: 1.1 },
      assets: { imageFilePath: inFolder('portrait.png'), audioFilePath: inFolder('speech.mp3') },
    },
    { downloadDirectory: inFolder('talking') },
  );
  assert.equal(result.status, 'complete');
  assert.equal(result.type, 'TALKING_PHOTO');
  assert.equal(result.creditsCharged, 162); // 6.75 s at 24 credits
  assert.equal(result.download?.url, result.downloads[0]?.url);
  const saved = await readFile(inFolder('talking/output.mp4'));
  assert.ok(saved.equals(api.control.resultBytes(result.id)));
  assert.equal(api.control.uploads().length, 2);
});

suite('creates with every operation of the client', () => {
  /** Fields that this version of the client requires even though the API no longer does. */
  const more: Readonly<Record<string, Record<string, Record<string, unknown> | string>>> = {
    imageGenerator: { orientation: 'square' },
    voiceGenerator: { style: { voiceName: 'Abraham Lincoln' } },
    imageUpscaler: { style: { enhancement: 'Balanced' } },
    clothesChanger: { assets: { garmentType: 'upper_body' } },
    memeGenerator: { style: { template: 'Random' } },
    textToVideo: { orientation: 'landscape' },
    videoToVideo: { style: { artStyle: 'Pixel' } },
  };

  for (const tool of TOOLS) {
    const name = camelCase(tool.path.replace('/v1/', ''));
    // The tool is newer than this version of the client.
    if (!(name in new Client({ token: DEFAULT_KEY }).v1)) continue;
    test(tool.path, async t => {
      const api = await freshApi(t, { account: { credits: 100_000 } });
      const v1 = client(api).v1 as unknown as Record<string, { create(request: unknown): Promise<unknown> }>;
      const request = inCamelCase(exampleBody(tool)) as Record<string, unknown>;
      for (const [key, value] of Object.entries(more[tool.id] ?? {})) {
        const there = request[key];
        request[key] = isObject(there) && isObject(value) ? { ...there, ...value } : value;
      }
      await v1[name]?.create(request);
      assert.equal(api.control.projects(tool.id).length, 1);
    });
  }

  test('except those that don’t create anything, or no longer exist', () => {
    const { v1 } = new Client({ token: DEFAULT_KEY });
    const others = Object.getOwnPropertyNames(Object.getPrototypeOf(v1)).filter(
      name =>
        name !== 'constructor' && !TOOLS.some(({ path }) => camelCase(path.replace('/v1/', '')) === name),
    );
    assert.deepEqual(others.toSorted(), [
      'aiPhotoEditor', // no longer in the API
      'audioProjects', // see below
      'faceDetection', // only finds the faces for a face swap
      'files', // used by `generate`, see above
      'imageProjects', // used by `generate`
      'videoProjects',
    ]);
  });
});

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camelCase(key), inCamelCase(inner)]),
  );
}

test('returns a job error, and reads and deletes projects', async t => {
  const api = await freshApi(t);
  const { v1 } = client(api);
  const error = { code: 'no_source_face', message: 'Please use an image with a detectable face' };
  api.control.plan({ status: 'error', error, renderMs: 20 });
  const { id } = await v1.aiHeadshotGenerator.create({
    assets: { imageFilePath: 'https://example.com/a.jpg' },
  });
  const result = await v1.imageProjects.checkResult({ id }, {});
  assert.equal(result.status, 'error');
  assert.deepEqual(result.error, error);
  await v1.imageProjects.delete({ id });
  await assert.rejects(v1.imageProjects.get({ id }), /404 was returned/);
});

test('creates speech, downloads it, and deletes it', async t => {
  const api = await freshApi(t);
  const { v1 } = client(api);
  const style = { prompt: 'Four score and seven years ago', voiceName: 'Abraham Lincoln' } as const;
  // The client's `generate` looks for an image project.
  const { id } = await v1.aiVoiceGenerator.create({ style });
  api.control.complete(id);
  const result = await v1.audioProjects.checkResult({ id }, { downloadDirectory: inFolder('speech') });
  assert.equal(result.status, 'complete');
  assert.equal(result.creditsCharged, 3); // 30 characters
  const saved = await readFile(inFolder('speech/output.wav'));
  assert.ok(saved.equals(api.control.resultBytes(result.id)));
  await v1.audioProjects.delete({ id });
  await assert.rejects(v1.audioProjects.get({ id }), /404 was returned/);
});

test('is rejected with the documented statuses', async t => {
  const api = await freshApi(t, { account: { credits: 49 } });
  const assets = { imageFilePath: 'https://example.com/a.jpg' };
  await assert.rejects(
    client(api, 'mhk_live_other').v1.aiHeadshotGenerator.create({ assets }),
    /401 was returned/,
  );
  await assert.rejects(client(api).v1.aiHeadshotGenerator.create({ assets }), /402 was returned/);
});
