import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DOCUMENTED_CLIP_LIMITS, TOOLS, UPLOAD_URLS_BODY } from '../../fake-api/catalogue.ts';
import { EXTENSIONS } from '../../fake-api/formats.ts';
import { apiRoute } from '../../fake-api/routes.ts';
import type { Shape } from '../../fake-api/shape.ts';
import {
  assertReplyFits,
  documentedClipLimits,
  documentedExtensions,
  documentedOperations,
  requestSchema,
} from './openapi.ts';
import { freshApi } from './support.ts';
import type { Answer, Caller } from './support.ts';

const IMAGE = '/v1/image-projects/{id}';
const VIDEO = '/v1/video-projects/{id}';
const URLS = { image_file_path: 'https://example.com/a.png', audio_file_path: 'https://example.com/a.mp3' };
const GOOD_BODIES: Record<string, Record<string, unknown>> = {
  '/v1/files/upload-urls': { items: [{ type: 'image', extension: 'png' }] },
  '/v1/ai-talking-photo': { start_seconds: 0, end_seconds: 1, assets: URLS },
};

function goodBody(method: string, path: string): Record<string, unknown> | undefined {
  if (method !== 'post') return undefined;
  return GOOD_BODIES[path] ?? { assets: { image_file_path: URLS.image_file_path } };
}

suite('every documented status of every operation fits the document', () => {
  for (const { method, path, statuses } of documentedOperations()) {
    for (const status of statuses) {
      test(`${method} ${path} ${status}`, async t => {
        const api = await freshApi(t);
        const answer = await provoke(api, method, path, status);
        assert.equal(answer.status, status);
        assertReplyFits(method, path, status, answer.body);
        api.control.takeViolations();
      });
    }
  }
});

/** Gets the API to answer so by itself, or by a fault where only accident would. */
async function provoke(api: Caller, method: string, path: string, status: number): Promise<Answer> {
  const id = path.includes('{id}') ? await makeProject(api, path === IMAGE ? 'image' : 'video') : '';
  const verb = method.toUpperCase();
  const target = path.replace('{id}', id);
  const body = goodBody(method, path);
  if (status === 401) return await api.call(verb, target, body, { key: 'mhk_live_revoked' });
  if (status === 400 && body) return await api.call(verb, target, {});
  if (status === 402 && path.startsWith('/v1/ai-')) api.control.setAccount({ credits: 0 });
  else if (status === 404 && id) api.control.remove(id);
  else if (status === 422 && path.endsWith('upload-urls')) {
    return await api.call(verb, target, { items: [{ type: 'audio', extension: 'mp4' }] });
  } else if (status >= 400) {
    const json = status === 502 ? { json: { message: 'Bad Gateway' } } : {};
    api.control.fault({
      operation: apiRoute(verb, target).operation,
      action: { kind: 'status', status, ...json },
    });
  }
  return await api.call(verb, target, body);
}

async function makeProject(api: Caller, kind: 'image' | 'video'): Promise<string> {
  const made = await (kind === 'image'
    ? api.headshot()
    : api.talkingPhoto({ start_seconds: 0, end_seconds: 2 }));
  return String(made.body.id);
}

suite('every state of a project fits the document', () => {
  for (const [path, kind] of [
    [IMAGE, 'image'],
    [VIDEO, 'video'],
  ] as const) {
    for (const status of ['draft', 'queued', 'rendering', 'complete', 'error', 'canceled']) {
      test(`${kind} project, ${status}`, async t => {
        const api = await freshApi(t);
        const id = await makeProject(api, kind);
        api.control.advance(id, status);
        const { body } = await api.call('GET', path.replace('{id}', id));
        assert.equal(body.status, status);
        assertReplyFits('get', path, 200, body);
      });
    }
  }
});

test('the older error envelope has a message and nothing else', async t => {
  const api = await freshApi(t, { behaviour: { envelope: 'message' } });
  const { body } = await api.call('GET', '/v1/account', undefined, { key: 'mhk_live_revoked' });
  assert.deepEqual(body, { message: 'Unauthorized' });
});

suite('what the fake API demands of a request is what the document demands', () => {
  for (const { path, body } of [...TOOLS, { path: '/v1/files/upload-urls', body: UPLOAD_URLS_BODY }]) {
    test(path, () => {
      assert.deepEqual(sorted(asJsonSchema(body)), sorted(requestSchema(path)));
    });
  }

  test('extensions', () => {
    assert.deepEqual(documentedExtensions(), EXTENSIONS);
  });

  test('clip limits', () => {
    assert.deepEqual(documentedClipLimits(), DOCUMENTED_CLIP_LIMITS);
  });
});

function asJsonSchema(shape: Shape): unknown {
  if (shape.type === 'array') return { ...shape, items: asJsonSchema(shape.items) };
  if (shape.type === 'string') {
    const { file: _file, pattern, ...rest } = shape;
    return { ...rest, ...(pattern && { pattern: pattern.source }) };
  }
  if (shape.type !== 'object') return shape;
  const properties = Object.entries(shape.properties).map(([name, inner]) => [name, asJsonSchema(inner)]);
  return { ...shape, properties: Object.fromEntries(properties) as unknown };
}

/** `required` and `enum` are sets. */
function sorted(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      Array.isArray(inner) ? inner.toSorted((a, b) => String(a).localeCompare(String(b))) : inner,
    ),
  );
}
