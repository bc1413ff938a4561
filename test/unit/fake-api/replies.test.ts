import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TOOLS, UPLOAD_URLS_BODY } from '../../fake-api/catalogue.ts';
import { EXTENSIONS } from '../../fake-api/formats.ts';
import { apiRoute } from '../../fake-api/routes.ts';
import type { ProjectKind } from '../../fake-api/facts.ts';
import { exampleBody } from './examples.ts';
import {
  asJsonSchema,
  assertReplyFits,
  documentedExtensions,
  documentedOperations,
  requestSchema,
} from './openapi.ts';
import { freshApi } from './support.ts';
import type { Answer, Caller } from './support.ts';

const IMAGE = '/v1/image-projects/{id}';
const VIDEO = '/v1/video-projects/{id}';
const AUDIO = '/v1/audio-projects/{id}';
const kinds: Readonly<Record<string, ProjectKind>> = { [IMAGE]: 'image', [VIDEO]: 'video', [AUDIO]: 'audio' };

function goodBody(method: string, path: string): Record<string, unknown> | undefined {
  if (method !== 'post') return undefined;
  const tool = TOOLS.find(each => each.path === path);
  return tool ? exampleBody(tool) : { items: [{ type: 'image', extension: 'png' }] };
}

// Create requests differ only in their bodies, so all statuses are tested for one tool of each kind, and success for
// all tools.
const thorough = new Set(['/v1/ai-headshot-generator', '/v1/ai-talking-photo', '/v1/ai-voice-generator']);

suite('every documented response of every operation matches the document', () => {
  for (const { method, path, statuses } of documentedOperations()) {
    const isOneOfMany = TOOLS.some(tool => tool.path === path) && !thorough.has(path);
    for (const status of isOneOfMany ? [200] : statuses) {
      test(`${method} ${path} ${status}`, async t => {
        const api = await freshApi(t, { account: { credits: 100_000 } });
        const answer = await provoke(api, method, path, status);
        assert.equal(answer.status, status);
        assertReplyFits(method, path, status, answer.body);
        api.control.takeViolations();
      });
    }
  }
});

/** Makes the API respond with this status, using a fault if no request can cause it. */
async function provoke(api: Caller, method: string, path: string, status: number): Promise<Answer> {
  const id = path.includes('{id}') ? await makeProject(api, kinds[path] ?? 'image') : '';
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

async function makeProject(api: Caller, kind: ProjectKind): Promise<string> {
  const tool = TOOLS.find(each => each.kind === kind);
  assert.ok(tool);
  return String((await api.call('POST', tool.path, exampleBody(tool))).body.id);
}

suite('every state of a project matches the document', () => {
  for (const [path, kind] of [
    [IMAGE, 'image'],
    [VIDEO, 'video'],
    [AUDIO, 'audio'],
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

test('the older error format has only a message', async t => {
  const api = await freshApi(t, { behavior: { envelope: 'message' } });
  const { body } = await api.call('GET', '/v1/account', undefined, { key: 'mhk_live_revoked' });
  assert.deepEqual(body, { message: 'Unauthorized' });
});

suite('the fake API’s requirements for upload URLs match the document', () => {
  test('the body', () => {
    assert.deepEqual(sorted(asJsonSchema(UPLOAD_URLS_BODY)), sorted(requestSchema('/v1/files/upload-urls')));
  });

  test('extensions', () => {
    assert.deepEqual(documentedExtensions(), EXTENSIONS);
  });
});

/** Sorts `required` and `enum`, because their order has no meaning. */
function sorted(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      Array.isArray(inner) ? inner.toSorted((a, b) => String(a).localeCompare(String(b))) : inner,
    ),
  );
}
