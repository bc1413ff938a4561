import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { DEFAULT_KEY } from '../../fake-api/accounts.ts';
import type { ViolationKind } from '../../fake-api/reply.ts';
import { startFakeApi } from '../../fake-api/server.ts';
import type { FakeApi, FakeApiOptions } from '../../fake-api/server.ts';

/** A simple client of the fake API that can also make mistakes. */
export interface Caller extends FakeApi {
  /** Sends a request with the default key. `init` can replace the key, and `key: null` omits it. */
  call(method: string, path: string, body?: unknown, init?: { key?: string | null }): Promise<Answer>;
  /** Reserves an upload and PUTs `bytes` there. Resolves with the file path. */
  upload(type: string, extension: string, bytes?: string | Uint8Array<ArrayBuffer>): Promise<string>;
  /** Reserves an upload without sending the file. */
  reserve(type: string, extension: string): Promise<{ upload_url: string; file_path: string }>;
  headshot(body?: Record<string, unknown>): Promise<Answer>;
  talkingPhoto(body: Record<string, unknown>): Promise<Answer>;
  /** Asserts that exactly these violations were recorded, and clears them. */
  violated(...kinds: ViolationKind[]): void;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Starts a fake API that is closed after the test. Unexpected violations fail the test. */
export async function freshApi(t: TestContext, options: FakeApiOptions = {}): Promise<Caller> {
  const api = await startFakeApi(options);
  t.after(async () => {
    await api.close();
    assert.deepEqual(api.control.takeViolations(), []);
  });
  return caller(api);
}

export function caller(api: FakeApi): Caller {
  const call: Caller['call'] = async (method, path, body, { key = DEFAULT_KEY } = {}) => {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    if (key !== null) headers.authorization = `Bearer ${key}`;
    const response = await fetch(api.apiUrl + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text ? (JSON.parse(text) as Answer['body']) : {},
    };
  };
  const reserve: Caller['reserve'] = async (type, extension) => {
    const { body } = await call('POST', '/v1/files/upload-urls', { items: [{ type, extension }] });
    const [target] = body.items as { upload_url: string; file_path: string }[];
    assert.ok(target);
    return target;
  };
  const upload: Caller['upload'] = async (type, extension, bytes = `${type} bytes`) => {
    const target = await reserve(type, extension);
    const stored = await fetch(target.upload_url, { method: 'PUT', body: bytes });
    assert.equal(stored.status, 200);
    return target.file_path;
  };
  return {
    ...api,
    call,
    reserve,
    upload,
    async headshot(body = {}) {
      const assets = { image_file_path: 'https://example.com/portrait.png' };
      return await call('POST', '/v1/ai-headshot-generator', { assets, ...body });
    },
    async talkingPhoto(body) {
      const assets = {
        image_file_path: 'https://example.com/portrait.png',
        audio_file_path: 'https://example.com/speech.mp3',
      };
      return await call('POST', '/v1/ai-talking-photo', { assets, ...body });
    },
    violated(...kinds) {
      assert.deepEqual(
        api.control.takeViolations().map(({ kind }) => kind),
        kinds,
      );
    },
  };
}
