import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import { DEFAULT_KEY } from '../../fake-api/accounts.ts';
import { VIOLATION_KINDS } from '../../fake-api/reply.ts';
import type { ViolationKind } from '../../fake-api/reply.ts';
import { freshApi } from './support.ts';
import type { Answer, Caller } from './support.ts';

const DAY = 24 * 3_600_000;
const IMAGE_URL = 'https://example.com/portrait.png';
const CLIP = { start_seconds: 0, end_seconds: 1 };

/** Each mistake that a client can make, with the request, the response, and the recorded violation. */
const MISTAKES: readonly {
  readonly name: string;
  readonly status: number;
  readonly kind: ViolationKind;
  readonly send: (api: Caller) => Promise<Pick<Answer, 'status'>>;
}[] = [
  {
    name: 'no Authorization header',
    status: 401,
    kind: 'missing-authorization',
    send: api => api.call('GET', '/v1/account', undefined, { key: null }),
  },
  {
    name: 'a route that doesn’t exist',
    status: 404,
    kind: 'unknown-route',
    send: api => api.call('GET', '/v1/projects'),
  },
  {
    name: 'the wrong method',
    status: 404,
    kind: 'unknown-route',
    send: api => api.call('PUT', '/v1/account'),
  },
  {
    name: 'the key in the query',
    status: 200,
    kind: 'leaked-key',
    send: api => api.call('GET', `/v1/account?key=${DEFAULT_KEY}`),
  },
  {
    name: 'an empty body',
    status: 400,
    kind: 'malformed-json',
    send: api => api.call('POST', '/v1/ai-headshot-generator', ''),
  },
  {
    name: 'a body that isn’t JSON',
    status: 400,
    kind: 'malformed-json',
    send: api => api.call('POST', '/v1/ai-headshot-generator', '{"assets":'),
  },
  {
    name: 'a body without a content type',
    status: 400,
    kind: 'not-json',
    send: async api =>
      await fetch(`${api.apiUrl}/v1/photo-colorizer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${DEFAULT_KEY}` },
        body: JSON.stringify({ assets: { image_file_path: IMAGE_URL } }),
      }),
  },
  {
    name: 'a missing required field',
    status: 400,
    kind: 'invalid-body',
    send: api => api.headshot({ assets: {} }),
  },
  {
    name: 'a field of the wrong type',
    status: 400,
    kind: 'invalid-body',
    send: api => api.talkingPhoto({ start_seconds: '0', end_seconds: 1 }),
  },
  {
    name: 'null instead of omitting a field',
    status: 400,
    kind: 'invalid-body',
    send: api => api.headshot({ name: null }),
  },
  {
    name: 'an unknown mode',
    status: 400,
    kind: 'invalid-body',
    send: api => api.talkingPhoto({ ...CLIP, style: { generation_mode: 'best' } }),
  },
  {
    name: 'an intensity with three decimals',
    status: 400,
    kind: 'invalid-body',
    send: api => api.talkingPhoto({ ...CLIP, style: { generation_mode: 'expressive', intensity: 1.005 } }),
  },
  {
    name: 'a resolution that isn’t an integer',
    status: 400,
    kind: 'invalid-body',
    send: api => api.talkingPhoto({ ...CLIP, max_resolution: 719.5 }),
  },
  {
    name: 'no items to upload',
    status: 400,
    kind: 'invalid-body',
    send: api => api.call('POST', '/v1/files/upload-urls', { items: [] }),
  },
  {
    name: 'an uppercase extension',
    status: 400,
    kind: 'invalid-body',
    send: api => api.call('POST', '/v1/files/upload-urls', { items: [{ type: 'image', extension: 'PNG' }] }),
  },
  {
    name: 'an unknown field',
    status: 400,
    kind: 'unknown-field',
    send: api => api.headshot({ style: { prompt: 'x', mood: 'y' } }),
  },
  {
    name: 'a prompt in a mode that ignores it',
    status: 400,
    kind: 'ignored-field',
    send: api => api.talkingPhoto({ ...CLIP, style: { generation_mode: 'realistic', prompt: 'smile' } }),
  },
  {
    name: 'a missing field that another one requires',
    status: 400,
    kind: 'invalid-body',
    send: api =>
      api.call('POST', '/v1/lip-sync', {
        ...CLIP,
        assets: { video_source: 'file', audio_file_path: 'https://example.com/a.mp3' },
      }),
  },
  {
    name: 'a resolution that the model doesn’t have',
    status: 400,
    kind: 'invalid-body',
    send: api =>
      api.call('POST', '/v1/ai-image-generator', {
        image_count: 1,
        model: 'krea-2',
        resolution: '4k',
        style: { prompt: 'x' },
      }),
  },
  {
    name: 'an end image for a model that doesn’t support it',
    status: 400,
    kind: 'invalid-body',
    send: api =>
      api.call('POST', '/v1/image-to-video', {
        end_seconds: 5,
        model: 'wan-2.2',
        resolution: '480p',
        assets: { image_file_path: IMAGE_URL, end_image_file_path: IMAGE_URL },
      }),
  },
  {
    name: 'something that the free plan doesn’t include',
    status: 402,
    kind: 'above-plan',
    async send(api) {
      api.control.setAccount({ tier: 'free' });
      const assets = { image_file_path: IMAGE_URL };
      return await api.call('POST', '/v1/ai-image-upscaler', { scale_factor: 4, assets });
    },
  },
  {
    name: 'a field of another tool',
    status: 400,
    kind: 'unknown-field',
    send: api => api.headshot({ max_resolution: 720 }),
  },
  {
    name: 'an extension of another type',
    status: 422,
    kind: 'wrong-extension',
    send: api => api.call('POST', '/v1/files/upload-urls', { items: [{ type: 'audio', extension: 'mp4' }] }),
  },
  {
    name: 'a clip that ends where it starts',
    status: 400,
    kind: 'clip-order',
    send: api => api.talkingPhoto({ start_seconds: 2, end_seconds: 2 }),
  },
  {
    name: 'a clip over the limit of its mode, with an older name',
    status: 422,
    kind: 'clip-length',
    send: api =>
      api.talkingPhoto({ start_seconds: 1, end_seconds: 46.1, style: { generation_mode: 'standard' } }),
  },
  {
    name: 'a clip over the limit of its model',
    status: 422,
    kind: 'clip-length',
    send: api =>
      api.call('POST', '/v1/ai-video-editor', {
        end_seconds: 15,
        model: 'gemini-omni-1.1',
        style: { prompt: 'x' },
        assets: { video_file_path: 'https://example.com/a.mp4' },
      }),
  },
  {
    name: 'a file path that the API never issued',
    status: 422,
    kind: 'unknown-file',
    send: api => api.headshot({ assets: { image_file_path: 'api-assets/id/1234.png' } }),
  },
  {
    name: 'the file path of another account',
    status: 422,
    kind: 'unknown-file',
    async send(api) {
      const path = await api.upload('image', 'png');
      api.control.addKey('mhk_live_other');
      const body = { assets: { image_file_path: path } };
      return await api.call('POST', '/v1/photo-colorizer', body, { key: 'mhk_live_other' });
    },
  },
  {
    name: 'a file that was reserved but not uploaded',
    status: 422,
    kind: 'file-not-uploaded',
    async send(api) {
      const { file_path } = await api.reserve('image', 'png');
      return await api.headshot({ assets: { image_file_path: file_path } });
    },
  },
  {
    name: 'a file older than a week',
    status: 422,
    kind: 'expired-file',
    async send(api) {
      const path = await api.upload('image', 'png');
      api.control.forward(7 * DAY);
      return await api.headshot({ assets: { image_file_path: path } });
    },
  },
  {
    name: 'an audio file for an image',
    status: 422,
    kind: 'wrong-file-type',
    send: async api => await api.headshot({ assets: { image_file_path: await api.upload('audio', 'mp3') } }),
  },
  {
    name: 'a URL that isn’t https',
    status: 422,
    kind: 'bad-file-url',
    send: api => api.headshot({ assets: { image_file_path: 'http://example.com/a.png' } }),
  },
  {
    name: 'a URL without a supported extension',
    status: 422,
    kind: 'bad-file-url',
    send: api => api.headshot({ assets: { image_file_path: 'https://example.com/a.mp3' } }),
  },
  {
    name: 'the key sent to the storage host',
    status: 400,
    kind: 'authorization-on-storage',
    async send(api) {
      const { upload_url } = await api.reserve('image', 'png');
      const headers = { authorization: 'Bearer anything' };
      return await fetch(upload_url, { method: 'PUT', body: 'bytes', headers });
    },
  },
  {
    name: 'a chunked PUT',
    status: 411,
    kind: 'put-without-length',
    send: async api => await chunkedPut((await api.reserve('image', 'png')).upload_url),
  },
  {
    name: 'an empty PUT',
    status: 200,
    kind: 'empty-put',
    send: async api =>
      await fetch((await api.reserve('image', 'png')).upload_url, { method: 'PUT', body: '' }),
  },
  {
    name: 'two PUTs to one URL',
    status: 200,
    kind: 'put-twice',
    async send(api) {
      const { upload_url } = await api.reserve('image', 'png');
      await fetch(upload_url, { method: 'PUT', body: 'first' });
      return await fetch(upload_url, { method: 'PUT', body: 'second' });
    },
  },
  {
    name: 'a storage URL without its signature',
    status: 403,
    kind: 'unsigned-url',
    async send(api) {
      const { upload_url } = await api.reserve('image', 'png');
      return await fetch(upload_url.replace(/\?.*/, ''), { method: 'PUT', body: 'bytes' });
    },
  },
  {
    name: 'a HEAD to the storage host',
    status: 405,
    kind: 'unknown-route',
    send: async api => await fetch((await api.reserve('image', 'png')).upload_url, { method: 'HEAD' }),
  },
];

suite('each mistake of a client is recorded and gets the response of the API', () => {
  for (const { name, status, kind, send } of MISTAKES) {
    test(name, async t => {
      const api = await freshApi(t);
      assert.equal((await send(api)).status, status);
      api.violated(kind);
      assert.deepEqual(api.control.projects(), [], 'nothing was made');
    });
  }
});

test('every kind of violation has a test', () => {
  const tested = new Set(MISTAKES.map(({ kind }) => kind));
  assert.deepEqual(
    VIOLATION_KINDS.filter(kind => !tested.has(kind)),
    [],
  );
});

test('says whether a clip is too short or too long', async t => {
  const api = await freshApi(t);
  const translate = async (end: number) => {
    const answer = await api.call('POST', '/v1/ai-video-translator', {
      end_seconds: end,
      target_language: 'German',
      assets: { video_file_path: 'https://example.com/a.mp4' },
    });
    api.violated('clip-length');
    return [answer.status, answer.body.message];
  };
  assert.deepEqual(await translate(0.5), [422, 'The clip must be at least 1 seconds long']);
  assert.deepEqual(await translate(31), [422, 'The clip must be at most 30 seconds long']);
});

suite('an error that a correct client can get isn’t a violation', () => {
  test('a key that was revoked', async t => {
    const api = await freshApi(t);
    api.control.revokeKey(DEFAULT_KEY);
    assert.equal((await api.headshot()).status, 401);
  });

  test('a limit that the server has lowered', async t => {
    const api = await freshApi(t, { behavior: { clipLimits: { realistic: 60 } } });
    assert.equal((await api.talkingPhoto({ start_seconds: 0, end_seconds: 61 })).status, 422);
    assert.equal((await api.talkingPhoto({ start_seconds: 0, end_seconds: 60 })).status, 402);
  });

  test('an upload URL that expired', async t => {
    const api = await freshApi(t);
    const { upload_url } = await api.reserve('image', 'png');
    api.control.expireUploadUrls();
    assert.equal((await fetch(upload_url, { method: 'PUT', body: 'bytes' })).status, 403);
  });

  test('a file larger than the plan allows', async t => {
    const api = await freshApi(t, { behavior: { maxUploadBytes: 4 } });
    const { upload_url } = await api.reserve('image', 'png');
    assert.equal((await fetch(upload_url, { method: 'PUT', body: 'bytes' })).status, 413);
    assert.deepEqual(api.control.uploads(), []);
  });

  test('two decimals that floating point can’t represent, and a clip of exactly the maximum length', async t => {
    const api = await freshApi(t, { account: { credits: 100_000 } });
    for (const intensity of [0.1, 0.29, 1.1, 1.15, 2]) {
      const style = { generation_mode: 'expressive', intensity };
      assert.equal((await api.talkingPhoto({ ...CLIP, style })).status, 200);
    }
    assert.equal((await api.talkingPhoto({ start_seconds: 0.1, end_seconds: 300.1 })).status, 200);
  });

  test('a library URL, and an upload of webm as audio', async t => {
    const api = await freshApi(t, { account: { credits: 100_000 } });
    const { body } = await api.headshot();
    const assets = {
      image_file_path: `https://magichour.ai/my-library?imageId=${String(body['id'])}`,
      audio_file_path: await api.upload('audio', 'webm'),
    };
    assert.equal((await api.talkingPhoto({ ...CLIP, assets })).status, 200);
  });
});

test('refuses results that are not in the library of the account', async t => {
  const api = await freshApi(t);
  const { body } = await api.headshot();
  const project = String(body['id']);
  const use = (parameter: string, id: string) =>
    api.headshot({ assets: { image_file_path: `https://magichour.ai/my-library?${parameter}=${id}` } });
  assert.equal((await use('imageId', 'abc')).status, 422);
  api.control.remove(project);
  assert.equal((await use('imageId', project)).status, 422);
  assert.equal((await use('videoId', project)).status, 422);
  api.violated('wrong-file-type');
});

async function chunkedPut(url: string): Promise<{ status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number }>();
  const outgoing = request(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } }, response => {
    response.resume().on('end', () => resolve({ status: response.statusCode ?? 0 }));
  });
  outgoing.on('error', reject);
  outgoing.end('bytes');
  return await promise;
}
