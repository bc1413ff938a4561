import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import magicHour from 'magic-hour';
import { DEFAULT_KEY } from '../../fake-api/accounts.ts';
import { readValues } from '../../../src/shared/draft.ts';
import { backgroundRemover } from '../../../src/tools/backgroundRemover.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import { toolOf, tools } from '../../../src/tools/index.ts';
import { type Clip, createBody } from '../../../src/tools/request.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { freshApi } from '../fake-api/support.ts';

/**
 * Compares the request of a tool with the request that the vendor's own client sends for the same options. The fake API
 * records both.
 */
process.env.MAGIC_HOUR_LOG_LEVEL = 'none';
const Client = magicHour.default;
type V1 = InstanceType<typeof Client>['v1'];

const picture = 'https://example.com/anna.png';
const film = 'https://example.com/anna.mp4';
const scene = 'https://example.com/beach.png';
const speech = 'https://example.com/anna.mp3';

const bodyOf = (tool: Tool, typed: Record<string, string>, clip?: Clip) =>
  createBody(tool, readValues(tool, typed), { image: picture, audio: speech, video: film }, clip);

async function sentBy(t: TestContext, create: (v1: V1) => Promise<unknown>) {
  // The API's default models have no published price.
  const api = await freshApi(t, { account: { credits: 100_000 } });
  await create(new Client({ token: DEFAULT_KEY, baseUrl: api.apiUrl }).v1);
  const [request] = api.control.creates();
  assert.ok(request);
  return { path: request.path, body: request.body as Record<string, unknown> };
}

suite('a headshot is requested as the official client does', () => {
  const assets = { imageFilePath: picture };
  for (const [what, typed, request] of [
    ['nothing but the image', {}, { assets }],
    ['a name', { name: 'Anna' }, { assets, name: 'Anna' }],
    ['a style prompt', { stylePrompt: 'blue suit' }, { assets, style: { prompt: 'blue suit' } }],
    [
      'everything',
      { name: 'Änna “A” 漢😀', stylePrompt: 'two\nlines' },
      { assets, name: 'Änna “A” 漢😀', style: { prompt: 'two\nlines' } },
    ],
  ] as const) {
    test(what, async t => {
      const sent = await sentBy(t, v1 => v1.aiHeadshotGenerator.create(request));
      assert.deepEqual(bodyOf(headshot, typed), sent.body);
      assert.equal(headshot.path, sent.path);
    });
  }
});

suite('a talking photo is requested as the official client does', () => {
  const assets = { imageFilePath: picture, audioFilePath: speech };
  const clip = { start: 2.5, end: 9.25 };
  const times = { startSeconds: 2.5, endSeconds: 9.25 };

  for (const mode of ['pro', 'expressive', 'standard', 'stable'] as const) {
    test(`mode ${mode}`, async t => {
      const sent = await sentBy(t, v1 =>
        v1.aiTalkingPhoto.create({ ...times, assets, style: { generationMode: mode } }),
      );
      assert.deepEqual(bodyOf(talkingPhoto, { mode }, clip), sent.body);
      assert.equal(talkingPhoto.path, sent.path);
    });
  }

  // This version of the client rejects the two latest modes, and supports neither the prompt nor `max_resolution`.
  // They're added to its request, as the API describes them.
  for (const mode of ['realistic', 'prompted'] as const) {
    test(`mode ${mode}, which is newer than the client`, async t => {
      const sent = await sentBy(t, v1 =>
        v1.aiTalkingPhoto.create({ ...times, assets, style: { generationMode: 'pro' } }),
      );
      const style =
        mode === 'prompted' ? { generation_mode: mode, prompt: 'smile' } : { generation_mode: mode };
      assert.deepEqual(bodyOf(talkingPhoto, { mode, prompt: 'smile' }, clip), { ...sent.body, style });
    });
  }

  test('everything', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiTalkingPhoto.create({
        ...times,
        assets,
        name: 'Anna',
        style: { generationMode: 'expressive', intensity: 1.1 },
      }),
    );
    const typed = { name: 'Anna', mode: 'expressive', intensity: '1,1', maxResolution: '1024' };
    assert.deepEqual(bodyOf(talkingPhoto, typed, clip), { ...sent.body, max_resolution: 1024 });
  });

  test('a clip that starts at 0 sends the 0', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiTalkingPhoto.create({
        startSeconds: 0,
        endSeconds: 0.1,
        assets,
        style: { generationMode: 'stable' },
      }),
    );
    assert.deepEqual(bodyOf(talkingPhoto, { mode: 'stable' }, { start: 0, end: 0.1 }), sent.body);
  });
});

suite('a background is removed as the official client does', () => {
  const assets = { imageFilePath: picture };
  for (const [what, references, extra] of [
    ['and becomes transparent', { image: picture }, {}],
    ['and replaced', { image: picture, background: scene }, { backgroundImageFilePath: scene }],
  ] as const) {
    test(what, async t => {
      const sent = await sentBy(t, v1 =>
        v1.imageBackgroundRemover.create({ assets: { ...assets, ...extra } }),
      );
      assert.deepEqual(createBody(backgroundRemover, {}, references), sent.body);
    });
  }
});

/** The inputs of a tool, and the equivalent call to the official client. */
interface Comparison {
  readonly typed: Readonly<Record<string, string>>;
  readonly clip?: Clip;
  /** The optional inputs that are used. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly create: (v1: V1) => Promise<unknown>;
  /** Fields that are newer than this version of the client, by path. */
  readonly later?: Readonly<Record<string, unknown>>;
  /** Fields that this version still requires, even though the API no longer does. */
  readonly former?: readonly string[];
}

const prompt = 'a fox in the snow';
const clip = { start: 2.5, end: 9.25 };
const times = { startSeconds: 2.5, endSeconds: 9.25 };
const image = { imageFilePath: picture };

const comparisons: Readonly<Record<string, Readonly<Record<string, Comparison>>>> = {
  photoColorizer: {
    'a photo': { typed: {}, create: v1 => v1.photoColorizer.create({ assets: image }) },
    'with a name': {
      typed: { name: 'Anna' },
      create: v1 => v1.photoColorizer.create({ assets: image, name: 'Anna' }),
    },
  },
  imageUpscaler: {
    'twice the size': {
      typed: { mode: 'preserve' },
      create: v1 =>
        v1.aiImageUpscaler.create({ assets: image, scaleFactor: 2, style: { enhancement: 'Resemblance' } }),
      later: { 'style.mode': 'preserve' },
      former: ['style.enhancement'],
    },
    'four times, with a prompt': {
      typed: { scale: '4', mode: 'creative', prompt, name: 'Anna' },
      create: v1 =>
        v1.aiImageUpscaler.create({
          assets: image,
          name: 'Anna',
          scaleFactor: 4,
          style: { enhancement: 'Creative' },
        }),
      // Only the new mode supports the prompt.
      later: { 'style.mode': 'creative', 'style.prompt': prompt },
      former: ['style.enhancement'],
    },
  },
  imageEditor: {
    'one image': {
      typed: { prompt },
      create: v1 => v1.aiImageEditor.create({ assets: { imageFilePaths: [picture] }, style: { prompt } }),
      later: { model: 'qwen-edit', resolution: '640px', aspect_ratio: 'auto', image_count: 1 },
    },
    'two images': {
      typed: { prompt, name: 'Anna', count: '4' },
      extra: { image2: scene },
      create: v1 =>
        v1.aiImageEditor.create({
          name: 'Anna',
          assets: { imageFilePaths: [picture, scene] },
          style: { prompt },
        }),
      later: { model: 'qwen-edit', resolution: '640px', aspect_ratio: 'auto', image_count: 4 },
    },
  },
  imageGenerator: {
    'three images': {
      typed: { prompt, count: '3', name: 'Fox' },
      create: v1 =>
        v1.aiImageGenerator.create({
          imageCount: 3,
          name: 'Fox',
          orientation: 'square',
          style: { prompt },
        }),
      later: { model: 'z-image-turbo', resolution: '640px', aspect_ratio: '1:1' },
      former: ['orientation'],
    },
  },
  imageToVideo: {
    'an image': {
      typed: {},
      create: v1 => v1.imageToVideo.create({ assets: image, endSeconds: 5, resolution: '480p' }),
      later: { model: 'ltx-2.5', audio: false },
    },
    'an image and a prompt': {
      typed: { prompt, resolution: '720p', seconds: '10', audio: 'true', name: 'Anna' },
      create: v1 =>
        v1.imageToVideo.create({
          assets: image,
          endSeconds: 10,
          name: 'Anna',
          resolution: '720p',
          style: { prompt },
        }),
      later: { model: 'ltx-2.5', audio: true },
    },
  },
  textToVideo: {
    'a prompt': {
      typed: { prompt, seconds: '10', resolution: '1080p' },
      create: v1 =>
        v1.textToVideo.create({
          endSeconds: 10,
          orientation: 'landscape',
          resolution: '1080p',
          style: { prompt },
        }),
      later: { model: 'ltx-2.5', audio: false, aspect_ratio: '16:9' },
      former: ['orientation'],
    },
  },
  autoSubtitles: Object.fromEntries(
    (['karaoke', 'cinematic', 'minimalist', 'highlight'] as const).map(template => [
      template,
      {
        typed: { template, name: 'Anna' },
        clip,
        create: v1 =>
          v1.autoSubtitleGenerator.create({
            ...times,
            assets: { videoFilePath: film },
            name: 'Anna',
            style: { template },
          }),
      },
    ]),
  ),
  lipSync: Object.fromEntries(
    (['lite', 'standard', 'pro'] as const).map(mode => [
      mode,
      {
        typed: { mode, maxFrameRate: '24' },
        clip,
        create: v1 =>
          v1.lipSync.create({
            ...times,
            maxFpsLimit: 24,
            assets: { videoSource: 'file', videoFilePath: film, audioFilePath: speech },
            style: { generationMode: mode },
          }),
      },
    ]),
  ),
  gifGenerator: Object.fromEntries(
    (['gif', 'mp4', 'webm'] as const).map(format => [
      format,
      {
        typed: { prompt, format },
        create: v1 => v1.aiGifGenerator.create({ style: { prompt }, outputFormat: format }),
      },
    ]),
  ),
  qrCode: {
    'content and style': {
      typed: { content: 'https://example.com', artStyle: 'Watercolor', name: 'Site' },
      create: v1 =>
        v1.aiQrCodeGenerator.create({
          content: 'https://example.com',
          name: 'Site',
          style: { artStyle: 'Watercolor' },
        }),
    },
  },
};

suite('requests of other tools equal those of the official client', () => {
  for (const [id, cases] of Object.entries(comparisons))
    suite(id, () => {
      for (const [what, { typed, clip, extra, create, later = {}, former = [] }] of Object.entries(cases))
        test(what, async t => {
          const tool = toolOf(id);
          const { path, body } = await sentBy(t, create);
          for (const at of former) assert.ok(removeAt(body, at), `the client no longer demands ${at}`);
          for (const [at, value] of Object.entries(later)) addAt(body, at, value);
          const references = { image: picture, audio: speech, video: film, ...extra };
          assert.deepEqual(createBody(tool, readValues(tool, typed), references, clip), body);
          assert.equal(tool.path, path);
        });
    });

  test('faceEditor', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiFaceEditor.create({
        assets: image,
        style: { mouthSmile: 40, headYaw: -15, enhanceFace: true },
      }),
    );
    const tool = toolOf('faceEditor');
    const body = bodyOf(tool, { mouthSmile: '40', headYaw: '-15', enhanceFace: 'true' });
    // Our request also contains the expressions that aren't changed.
    const style = Object.entries(body['style'] as Record<string, unknown>).filter(([, value]) => value !== 0);
    assert.deepEqual({ ...body, style: Object.fromEntries(style) }, sent.body);
    assert.equal(tool.path, sent.path);
  });

  test('every tool that the client supports is tested', () => {
    const { v1 } = new Client({ token: DEFAULT_KEY });
    const known = tools.filter(({ path }) => operationOf(path) in v1).map(({ id }) => id);
    const compared = [
      'headshot',
      'talkingPhoto',
      'backgroundRemover',
      'faceEditor',
      ...Object.keys(comparisons),
    ];
    assert.deepEqual(known.toSorted(), compared.toSorted());
  });
});

/** The client's name for an operation. For example, `/v1/lip-sync` is `lipSync`. */
const operationOf = (path: string): string =>
  path.replace('/v1/', '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function parentOf(body: Record<string, unknown>, path: string): [Record<string, unknown>, string] {
  const names = path.split('.');
  const last = names.pop() ?? '';
  return [names.reduce((at, name) => at[name] as Record<string, unknown>, body), last];
}

/** Removes a field from a body. Returns false if the field wasn't there. */
function removeAt(body: Record<string, unknown>, path: string): boolean {
  const [parent, name] = parentOf(body, path);
  return name in parent && delete parent[name];
}

/** Adds a field that the client doesn't send. */
function addAt(body: Record<string, unknown>, path: string, value: unknown): void {
  const [parent, name] = parentOf(body, path);
  assert.ok(!(name in parent), `the client sends ${path}, too`);
  parent[name] = value;
}

suite('createBody', () => {
  test('throws when a required file is missing, before anything is sent', () => {
    assert.throws(
      () => createBody(backgroundRemover, {}, { background: scene }),
      /without its input "image"/,
    );
  });

  test('sends a prompt only in the modes that use it, and an intensity only in “expressive”', () => {
    const typed = { prompt: 'smile', intensity: '1' };
    const styleOf = (mode: string) => bodyOf(talkingPhoto, { ...typed, mode })['style'];
    for (const mode of ['realistic', 'pro', 'stable'])
      assert.deepEqual(styleOf(mode), { generation_mode: mode });
    for (const mode of ['prompted', 'standard'])
      assert.deepEqual(styleOf(mode), { generation_mode: mode, prompt: 'smile' });
    assert.deepEqual(styleOf('expressive'), { generation_mode: 'expressive', prompt: 'smile', intensity: 1 });
  });

  test('omits values that are no longer offered, even if a stored job still has them', () => {
    const values = { mode: 'realistic', prompt: 'smile', intensity: 1, name: '' };
    assert.deepEqual(createBody(talkingPhoto, values, { image: picture, audio: speech }), {
      assets: { image_file_path: picture, audio_file_path: speech },
      style: { generation_mode: 'realistic' },
    });
  });

  test('sends seconds without floating-point noise', () => {
    const body = bodyOf(talkingPhoto, {}, { start: 9.3 - 2.5 - 6.8 + 0.3, end: 0.1 + 0.2 });
    assert.equal(body['start_seconds'], 0.3);
    assert.equal(body['end_seconds'], 0.3);
  });

  test('keeps a clip exact to the sample at every common sample rate', () => {
    fc.assert(
      fc.property(fc.nat(192_000 * 300), fc.constantFrom(8000, 44_100, 48_000, 192_000), (sample, rate) => {
        const body = bodyOf(talkingPhoto, {}, { start: 0, end: sample / rate });
        assert.equal(Math.round(Number(body['end_seconds']) * rate), sample);
      }),
    );
  });

  test('sends no clip for a tool without one', () => {
    assert.deepEqual(Object.keys(bodyOf(headshot, {}, { start: 0, end: 1 })), ['assets']);
  });

  test("doesn't share state between two requests", () => {
    for (const tool of tools) {
      const references = Object.fromEntries(tool.inputs.map(({ id }) => [id, picture]));
      const first = createBody(tool, readValues(tool, { name: 'first', stylePrompt: 'x' }), references);
      const second = createBody(tool, readValues(tool, {}), references);
      assert.equal(first['name'], 'first');
      assert.equal(second['name'], undefined);
    }
  });
});
