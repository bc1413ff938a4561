import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { BufferSource, ALL_FORMATS, Input } from 'mediabunny';
import { imageSize } from 'image-size';
import { freshApi } from './support.ts';
import type { Caller } from './support.ts';

const SECOND = 1000;
const CLIP = { start_seconds: 2.5, end_seconds: 9.25 };

async function status(api: Caller, kind: 'image' | 'video', id: unknown): Promise<unknown> {
  return (await api.call('GET', `/v1/${kind}-projects/${String(id)}`)).body.status;
}

suite('the clock', () => {
  test('takes a project from queued through rendering to complete', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 10 * SECOND } } });
    const { id } = (await api.headshot()).body;
    assert.equal(await status(api, 'image', id), 'queued');
    api.control.forward(5 * SECOND);
    assert.equal(await status(api, 'image', id), 'rendering');
    api.control.forward(5 * SECOND);
    assert.equal(await status(api, 'image', id), 'complete');
  });

  test('changes nothing in manual mode, where a test sets each project’s status', async t => {
    const api = await freshApi(t, { behavior: { clock: 'manual' } });
    const [first, second] = [(await api.headshot()).body.id, (await api.headshot()).body.id];
    api.control.forward(3600 * SECOND);
    assert.equal(await status(api, 'image', first), 'queued');
    api.control.advance(String(first), 'simmering');
    assert.equal(await status(api, 'image', first), 'simmering');
    api.control.complete(String(first));
    assert.equal(await status(api, 'image', first), 'complete');
    assert.equal(await status(api, 'image', second), 'queued');
  });

  test('ends a planned project as planned, but no other', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: SECOND } } });
    const error = { code: 'no_source_face', message: 'Please use an image with a detectable face' };
    api.control.plan({ tool: 'talkingPhoto', status: 'canceled' });
    api.control.plan({ tool: 'headshot', status: 'error', error });
    const [first, second] = [(await api.headshot()).body.id, (await api.headshot()).body.id];
    api.control.forward(SECOND);
    const failed = (await api.call('GET', `/v1/image-projects/${String(first)}`)).body;
    assert.deepEqual([failed.status, failed.error, failed.credits_charged], ['error', error, 0]);
    assert.equal(await status(api, 'image', second), 'complete');
  });
});

suite('credits', () => {
  for (const [mode, length, estimate, settled] of [
    ['realistic', 3.920042, 236, 190],
    ['realistic', 15, 900, 720],
    ['prompted', 15, 450, 360],
    ['expressive', 6.75, 203, 162],
  ] as const) {
    test(`${length} s ${mode}: ${estimate} when created, ${settled} when complete`, async t => {
      const api = await freshApi(t, { behavior: { clock: 'manual' } });
      const style = { generation_mode: mode };
      const made = (await api.talkingPhoto({ start_seconds: 0, end_seconds: length, style })).body;
      assert.deepEqual([made.credits_charged, made.estimated_frame_cost], [estimate, estimate]);
      assert.equal(api.control.account().credits, 1240 - estimate);
      api.control.complete(String(made.id));
      assert.equal(api.control.account().credits, 1240 - settled);
      const { body } = await api.call('GET', `/v1/video-projects/${String(made.id)}`);
      assert.deepEqual([body.credits_charged, body.total_frame_cost], [settled, settled]);
    });
  }

  test('are refunded when a job fails or is canceled', async t => {
    const api = await freshApi(t, { behavior: { clock: 'manual' } });
    const [first, second] = [(await api.headshot()).body.id, (await api.headshot()).body.id];
    assert.equal(api.control.account().credits, 1140);
    api.control.fail(String(first), 'unknown_error', 'Something went wrong');
    api.control.cancel(String(second));
    assert.equal((await api.call('GET', '/v1/account')).body.credits, 1240);
  });

  test('that are too few make the create request fail', async t => {
    const api = await freshApi(t, { account: { credits: 49 } });
    const { status, body } = await api.headshot();
    assert.deepEqual([status, body.code], [402, 'insufficient_credits']);
    assert.deepEqual(api.control.projects(), []);
    assert.equal(api.control.account().credits, 49);
  });

  test('belong to the account of the key', async t => {
    const api = await freshApi(t);
    api.control.addKey('mhk_live_second', { credits: 5, tier: 'free' });
    const { body } = await api.call('GET', '/v1/account', undefined, { key: 'mhk_live_second' });
    assert.deepEqual([body.credits, body.tier], [5, 'free']);
    const { id } = (await api.headshot()).body;
    const foreign = await api.call('GET', `/v1/image-projects/${String(id)}`, undefined, {
      key: 'mhk_live_second',
    });
    assert.equal(foreign.status, 404);
  });
});

suite('results', () => {
  async function downloads(api: Caller, kind: 'image' | 'video', id: unknown): Promise<string[]> {
    const { body } = await api.call('GET', `/v1/${kind}-projects/${String(id)}`);
    return (body.downloads as { url: string }[]).map(({ url }) => url);
  }
  async function bytes(url: string | undefined, headers: Record<string, string> = {}): Promise<Buffer> {
    assert.ok(url);
    return Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
  }

  test('are valid PNG portraits, a different one for each project', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    const saved = await Promise.all(
      [0, 1].map(async () => {
        const { id } = (await api.headshot()).body;
        return await bytes((await downloads(api, 'image', id))[0]);
      }),
    );
    for (const image of saved) {
      const { width, height, type } = imageSize(image);
      assert.deepEqual([width, height, type], [832, 1216, 'png']);
    }
    assert.ok(!saved[0]?.equals(saved[1] ?? Buffer.alloc(0)));
  });

  test('are videos with sound', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { talkingPhoto: 0 } } });
    const { id } = (await api.talkingPhoto(CLIP)).body;
    const film = await bytes((await downloads(api, 'video', id))[0]);
    using input = new Input({ source: new BufferSource(film), formats: ALL_FORMATS });
    const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
    assert.deepEqual([await video?.getCodec(), await audio?.getCodec()], ['avc', 'aac']);
    assert.deepEqual([await video?.getDisplayWidth(), await video?.getDisplayHeight()], [448, 832]);
    assert.ok(film.includes(String(id)));
  });

  test('can be several, and have any name', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    api.control.plan({ results: 2 });
    api.control.plan({ outputName: '..%2f..%2fevil.png' });
    const urls = await downloads(api, 'image', (await api.headshot()).body.id);
    assert.deepEqual(
      urls.map(url => new URL(url).pathname.split('/').at(-1)),
      ['output.png', 'output-2.png'],
    );
    assert.notDeepEqual(await bytes(urls[0]), await bytes(urls[1]));
    const [evil] = await downloads(api, 'image', (await api.headshot()).body.id);
    assert.match(evil ?? '', /\/\.\.%2f\.\.%2fevil\.png\?/);
    assert.equal(imageSize(await bytes(evil)).type, 'png');
  });

  test('support range requests, unless told not to', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    const { id } = (await api.headshot()).body;
    const [url = ''] = await downloads(api, 'image', id);
    const whole = Buffer.from(api.control.resultBytes(String(id)));
    const part = await fetch(url, { headers: { range: 'bytes=100-' } });
    assert.deepEqual(
      [part.status, part.headers.get('content-range')],
      [206, `bytes 100-${whole.length - 1}/${whole.length}`],
    );
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(100));
    assert.equal((await fetch(url, { headers: { range: `bytes=${whole.length}-` } })).status, 416);
    const changed = await fetch(url, { headers: { range: 'bytes=100-', 'if-range': '"other"' } });
    assert.deepEqual([changed.status, (await changed.arrayBuffer()).byteLength], [200, whole.length]);
    api.control.configure({ ranges: false });
    assert.deepEqual(await bytes(url, { range: 'bytes=100-' }), whole);
  });

  test('have a URL that stays the same until it expires', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    const { id } = (await api.headshot()).body;
    const [first = ''] = await downloads(api, 'image', id);
    assert.deepEqual(await downloads(api, 'image', id), [first]);
    api.control.forward(24 * 3600 * SECOND);
    assert.equal((await fetch(first)).status, 403);
    const [second = ''] = await downloads(api, 'image', id);
    assert.notEqual(second, first);
    assert.equal((await fetch(second)).status, 200);
  });

  test('are gone with the project', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    const { id } = (await api.headshot()).body;
    const [url = ''] = await downloads(api, 'image', id);
    assert.equal((await api.call('DELETE', `/v1/image-projects/${String(id)}`)).status, 204);
    assert.equal((await fetch(url)).status, 403);
    assert.equal((await api.call('GET', `/v1/image-projects/${String(id)}`)).status, 404);
    api.control.configure({ afterDelete: 'disabled' });
    assert.equal((await api.call('GET', `/v1/image-projects/${String(id)}`)).body.enabled, false);
  });
});

suite('results', () => {
  const make = async (t: TestContext, path: string, body: object) => {
    const api = await freshApi(t, { account: { credits: 10_000 } });
    const { body: made } = await api.call('POST', path, body);
    return api.control.results(String(made.id)).map(({ contentType }) => contentType);
  };

  test('are as many as were requested', async t => {
    const body = { image_count: 4, model: 'z-image-turbo', resolution: '640px', style: { prompt: 'a fox' } };
    assert.equal((await make(t, '/v1/ai-image-generator', body)).length, 4);
  });

  test('look like photographs if that was configured, and a removed background is transparent', async t => {
    const api = await freshApi(t, { behavior: { photos: true } });
    const make = async (path: string) => {
      const assets = { image_file_path: 'https://example.com/portrait.png' };
      const { body } = await api.call('POST', path, { assets });
      return Buffer.from(api.control.resultBytes(String(body.id)));
    };
    const headshots = [
      await make('/v1/ai-headshot-generator'),
      await make('/v1/ai-headshot-generator'),
    ] as const;
    assert.deepEqual(imageSize(headshots[0]), { width: 832, height: 1216, type: 'png' });
    assert.notDeepEqual(...headshots);
    const cutout = await make('/v1/image-background-remover');
    const colorType = cutout[25];
    assert.equal(colorType, 6, 'red, green, blue, and alpha');
  });

  test('show the person in the photo, if it’s one of the sample workspace', async t => {
    const api = await freshApi(t, { behavior: { photos: true } });
    const make = async (photo: string) => {
      const path = new URL(`../../sample-workspace/portraits/${encodeURIComponent(photo)}`, import.meta.url);
      const [, extension = ''] = photo.split('.');
      const image_file_path = await api.upload('image', extension, readFileSync(path));
      const { body } = await api.call('POST', '/v1/ai-headshot-generator', { assets: { image_file_path } });
      // Compare only the pixels, without the project's ID.
      const png = Buffer.from(api.control.resultBytes(String(body.id)));
      return png.subarray(png.indexOf('PLTE'));
    };
    const portraits = [await make('anna.png'), await make('ben.jpg'), await make('Zoë #1 100%.webp')];
    assert.equal(new Set(portraits.map(pixels => pixels.toString('latin1'))).size, 3);
  });

  for (const [output_format, contentType] of [
    ['gif', 'image/gif'],
    ['mp4', 'video/mp4'],
    ['webm', 'video/webm'],
  ] as const)
    test(`are ${output_format} if that was requested`, async t => {
      const body = { output_format, style: { prompt: 'a fox' } };
      assert.deepEqual(await make(t, '/v1/ai-gif-generator', body), [contentType]);
    });
});
