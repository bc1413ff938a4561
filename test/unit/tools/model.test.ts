import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkDraft, readValues, type Draft } from '../../../src/shared/draft.ts';
import { autoSubtitles } from '../../../src/tools/autoSubtitles.ts';
import { faceEditor } from '../../../src/tools/faceEditor.ts';
import { gifGenerator } from '../../../src/tools/gifGenerator.ts';
import { imageEditor } from '../../../src/tools/imageEditor.ts';
import { imageGenerator } from '../../../src/tools/imageGenerator.ts';
import { imageToVideo } from '../../../src/tools/imageToVideo.ts';
import { imageUpscaler } from '../../../src/tools/imageUpscaler.ts';
import { lipSync } from '../../../src/tools/lipSync.ts';
import { createBody } from '../../../src/tools/request.ts';
import type { Tool } from '../../../src/tools/tool.ts';

const url = (name: string): string => `https://example.com/${name}`;
const source = (name: string) => ({ kind: 'url', url: url(name) }) as const;

function check(
  tool: Tool,
  values: Record<string, string>,
  inputs: Draft['rows'][0]['inputs'] = {},
  plan?: string,
) {
  const draft = { tool: tool.id, rows: [{ id: 'row', inputs, start: '', end: '' }], values };
  const checked = checkDraft(tool, draft, () => undefined, plan);
  const problems = checked.problems.map(({ control, message }) => `${control}: ${message.key}`);
  return { ...checked, problems };
}

suite('a choice that isn’t available with another one', () => {
  test('becomes the nearest available value', () => {
    assert.equal(readValues(imageGenerator, { model: 'krea-2', resolution: '4k' })['resolution'], '1k');
    assert.equal(readValues(imageToVideo, { model: 'kling-2.6', seconds: '60' })['seconds'], '10');
  });

  test('becomes the nearest one even if it was the default', () => {
    assert.equal(readValues(imageGenerator, { model: 'nano-banana-pro' })['resolution'], '1k');
  });

  test('is omitted if no value is available', () => {
    assert.equal(readValues(imageToVideo, { model: 'wan-2.2', audio: 'true' })['audio'], undefined);
  });
});

suite('a choice that the plan doesn’t include', () => {
  const image = source('a.png');

  test('is a problem at its field on the free plan', () => {
    assert.deepEqual(check(imageUpscaler, { scale: '4' }, { image }, 'free').problems, [
      'scale: form.needsPaidPlan',
    ]);
    assert.deepEqual(check(imageUpscaler, { scale: '2' }, { image }, 'free').problems, []);
  });

  test('is left to the server on other or unknown plans', () => {
    for (const plan of ['creator', 'some later plan', undefined])
      assert.deepEqual(check(imageUpscaler, { scale: '4' }, { image }, plan).problems, []);
  });
});

suite('a text', () => {
  test('that is required can’t be empty or only spaces', () => {
    for (const prompt of ['', '  '])
      assert.deepEqual(check(gifGenerator, { prompt }).problems, ['prompt: form.textMissing']);
  });

  test('can’t be longer than the API allows', () => {
    assert.deepEqual(check(gifGenerator, { prompt: 'x'.repeat(500) }).problems, []);
    assert.deepEqual(check(gifGenerator, { prompt: 'x'.repeat(501) }).problems, ['prompt: form.textTooLong']);
  });
});

suite('a number with steps', () => {
  const image = source('a.png');

  test('accepts only multiples of its step', () => {
    assert.deepEqual(check(faceEditor, { mouthSmile: '-95' }, { image }).problems, []);
    assert.deepEqual(check(faceEditor, { mouthSmile: '-96' }, { image }).problems, [
      'mouthSmile: form.numberStep',
    ]);
  });

  test('is sent as its default if nothing was entered', () => {
    const { values } = check(faceEditor, { mouthSmile: '20' }, { image });
    const style = createBody(faceEditor, values, { image: url('a.png') })['style'] as Record<string, unknown>;
    assert.equal(style['mouth_smile'], 20);
    assert.equal(style['head_yaw'], 0);
    assert.equal(style['enhance_face'], false);
  });
});

suite('files', () => {
  const inputs = { image: source('a.png'), image2: source('b.png'), image4: source('d.png') };

  test('in a list are sent in order, without gaps', () => {
    const { values, rows } = check(imageEditor, { prompt: 'x' }, inputs);
    const names = { image: 'a.png', image2: 'b.png', image4: 'd.png' };
    const references = Object.fromEntries(
      Object.keys(rows[0]?.inputs ?? {}).map(id => [id, url(names[id as keyof typeof names])]),
    );
    assert.deepEqual(createBody(imageEditor, values, references)['assets'], {
      image_file_paths: [url('a.png'), url('b.png')],
    });
  });

  test('that a model doesn’t support aren’t part of the job', () => {
    assert.deepEqual(Object.keys(check(imageEditor, { prompt: 'x' }, inputs).rows[0]?.inputs ?? {}), [
      'image',
      'image2',
    ]);
    const paid = check(imageEditor, { prompt: 'x', model: 'nano-banana' }, inputs);
    assert.deepEqual(Object.keys(paid.rows[0]?.inputs ?? {}), ['image', 'image2', 'image4']);
    const ends = { image: source('a.png'), endImage: source('b.png') };
    assert.deepEqual(Object.keys(check(imageToVideo, { model: 'wan-2.2' }, ends).rows[0]?.inputs ?? {}), [
      'image',
    ]);
  });

  test('aren’t required by a tool without inputs', () => {
    assert.deepEqual(check(imageGenerator, { prompt: 'a fox' }).problems, []);
  });
});

suite('a price', () => {
  test('is final at the lowest resolution and a lower bound above it', () => {
    assert.deepEqual(check(imageGenerator, { prompt: 'x', count: '4' }).price, { credits: 20, exact: true });
    assert.deepEqual(check(imageGenerator, { prompt: 'x', resolution: '2k' }).price, {
      credits: 5,
      exact: false,
      from: true,
    });
  });

  test('per frame depends on the frame rate of the video, or says that it’s a lower bound', () => {
    const priceOf = (tool: Tool, values: Record<string, string>, frameRate?: number) => {
      const row = { id: 'row', inputs: { video: source('a.mp4') }, start: '0', end: '10' };
      const info = { kind: 'video', extension: 'mp4', bytes: 1, modified: 1 } as const;
      const lookup = () => (frameRate === undefined ? undefined : { info: { ...info, frameRate } });
      return checkDraft(tool, { tool: tool.id, rows: [row], values }, lookup).price;
    };
    assert.deepEqual(priceOf(autoSubtitles, {}, 60), { credits: 120, exact: false });
    // A video that starts slowly may continue with a higher frame rate.
    assert.deepEqual(priceOf(autoSubtitles, {}, 10), { credits: 48, exact: false });
    assert.deepEqual(priceOf(autoSubtitles, {}), { credits: 48, exact: false, from: true });
    assert.deepEqual(priceOf(lipSync, {}, 25), { credits: 250, exact: false });
    // The request limits the frame rate.
    assert.deepEqual(priceOf(lipSync, {}, 60), { credits: 300, exact: false });
    assert.deepEqual(priceOf(lipSync, { mode: 'pro', maxFrameRate: '60' }), { credits: 1200, exact: false });
  });

  test('of a video depends on model, resolution, audio, and length', () => {
    const priceOf = (values: Record<string, string>) => check(imageToVideo, values).price.credits;
    assert.equal(priceOf({}), 120);
    assert.equal(priceOf({ model: 'seedance-1.5', resolution: '720p', audio: 'true', seconds: '10' }), 1200);
  });
});
