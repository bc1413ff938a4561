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
 * Compares what a tool sends with what the vendor's own client sends for the same options, as recorded by the fake API.
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
  const api = await freshApi(t);
  await create(new Client({ token: DEFAULT_KEY, baseUrl: api.apiUrl }).v1);
  const [request] = api.control.creates();
  assert.ok(request);
  return { path: request.path, body: request.body as Record<string, unknown> };
}

suite('requests for headshots equal those of the official client', () => {
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

suite('requests for talking photos equal those of the official client', () => {
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

  // This version of the client has neither the two latest modes nor the prompt and `max_resolution`, so they are added to
  // what it sends.
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

  test('a clip from the beginning, with a start of 0', async t => {
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

suite('requests for background removal equal those of the official client', () => {
  const assets = { imageFilePath: picture };
  for (const [what, references, extra] of [
    ['transparent', { image: picture }, {}],
    ['another image', { image: picture, background: scene }, { backgroundImageFilePath: scene }],
  ] as const) {
    test(what, async t => {
      const sent = await sentBy(t, v1 =>
        v1.imageBackgroundRemover.create({ assets: { ...assets, ...extra } }),
      );
      assert.deepEqual(createBody(backgroundRemover, {}, references), sent.body);
    });
  }
});

suite('requests of other tools equal those of the official client', () => {
  test('a QR code', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiQrCodeGenerator.create({ content: 'https://example.com', style: { artStyle: 'Watercolor' } }),
    );
    const typed = { content: 'https://example.com', artStyle: 'Watercolor' };
    assert.deepEqual(bodyOf(toolOf('qrCode'), typed), sent.body);
  });

  test('a GIF', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiGifGenerator.create({ style: { prompt: 'a cat' }, outputFormat: 'webm' }),
    );
    assert.deepEqual(bodyOf(toolOf('gifGenerator'), { prompt: 'a cat', format: 'webm' }), sent.body);
  });

  test('an edited face', async t => {
    const sent = await sentBy(t, v1 =>
      v1.aiFaceEditor.create({
        assets: { imageFilePath: picture },
        style: { mouthSmile: 40, headYaw: -15, enhanceFace: true },
      }),
    );
    const tool = toolOf('faceEditor');
    const body = bodyOf(tool, { mouthSmile: '40', headYaw: '-15', enhanceFace: 'true' });
    const style = Object.entries(body['style'] as Record<string, unknown>).filter(([, value]) => value !== 0);
    assert.deepEqual({ ...body, style: Object.fromEntries(style) }, sent.body);
  });
});

suite('createBody', () => {
  test('throws if a required file is missing', () => {
    assert.throws(
      () => createBody(backgroundRemover, {}, { background: scene }),
      /without its input "image"/,
    );
  });

  test('sends a prompt only in modes that use it, and an intensity only in “expressive”', () => {
    const typed = { prompt: 'smile', intensity: '1' };
    const styleOf = (mode: string) => bodyOf(talkingPhoto, { ...typed, mode })['style'];
    for (const mode of ['realistic', 'pro', 'stable'])
      assert.deepEqual(styleOf(mode), { generation_mode: mode });
    for (const mode of ['prompted', 'standard'])
      assert.deepEqual(styleOf(mode), { generation_mode: mode, prompt: 'smile' });
    assert.deepEqual(styleOf('expressive'), { generation_mode: 'expressive', prompt: 'smile', intensity: 1 });
  });

  test('omits values that aren’t offered, even if the job’s record has them', () => {
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

  test('keeps a clip exact to the sample at any sample rate', () => {
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

  test('shares no state between requests', () => {
    for (const tool of tools) {
      const first = bodyOf(tool, { name: 'first', stylePrompt: 'x' });
      const second = bodyOf(tool, {});
      assert.equal(first['name'], 'first');
      assert.equal(second['name'], undefined);
    }
  });
});
