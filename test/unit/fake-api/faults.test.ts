import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import type { Action } from '../../fake-api/faults.ts';
import { freshApi } from './support.ts';
import type { Caller } from './support.ts';

const READY = { behavior: { renderMs: { headshot: 0, talkingPhoto: 0 } } };

/** The result of a raw GET: the status, the received bytes, and how the response ended. */
interface Seen {
  readonly status: number | undefined;
  readonly promised: number;
  readonly bytes: number;
  readonly end: 'end' | 'cut' | 'no reply';
}

/** Sends a raw GET and disconnects after `until` bytes. */
async function look(url: string, until = Infinity): Promise<Seen> {
  const { promise, resolve } = Promise.withResolvers<Seen>();
  const outgoing = request(url, { agent: false }, response => {
    const promised = Number(response.headers['content-length'] ?? NaN);
    let bytes = 0;
    const seen = (end: Seen['end']): void => resolve({ status: response.statusCode, promised, bytes, end });
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= until) {
        response.destroy();
        seen('cut');
      }
    });
    response.on('end', () => seen('end'));
    response.on('error', () => seen('cut'));
  });
  outgoing.on('error', () => resolve({ status: undefined, promised: NaN, bytes: 0, end: 'no reply' }));
  outgoing.end();
  return await promise;
}

async function result(api: Caller): Promise<{ id: string; url: string; length: number }> {
  const id = String((await api.headshot()).body.id);
  const { body } = await api.call('GET', `/v1/image-projects/${id}`);
  const [download] = body.downloads as { url: string }[];
  return { id, url: download?.url ?? '', length: api.control.results(id)[0]?.length ?? 0 };
}

suite('refusals', () => {
  test('have the chosen headers and body, and process nothing', async t => {
    const api = await freshApi(t);
    const action: Action = { kind: 'status', status: 429, headers: { 'retry-after': '7' } };
    api.control.fault({ operation: 'createHeadshot', action });
    const refused = await api.headshot();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '7']);
    assert.deepEqual(refused.body, { message: 'Too Many Requests' });
    assert.deepEqual(api.control.projects(), []);
    assert.equal((await api.headshot()).status, 200);
    assert.deepEqual([api.control.creates('headshot').length, api.control.projects().length], [2, 1]);
  });

  test('can come after the job was created', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'create', action: { kind: 'status', status: 500, when: 'after' } });
    assert.equal((await api.headshot()).status, 500);
    assert.equal(api.control.projects('headshot').length, 1);
  });

  test('can be HTML, or empty', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'account', action: { kind: 'status', status: 502 } });
    api.control.fault({ operation: 'account', action: { kind: 'status', status: 503, empty: true } });
    const html = await fetch(`${api.apiUrl}/v1/account`);
    assert.match(await html.text(), /<h1>502 Bad Gateway<\/h1>/);
    const empty = await fetch(`${api.apiUrl}/v1/account`);
    assert.deepEqual([empty.status, await empty.text()], [503, '']);
  });

  test('apply to the nth request, repeatedly, and to one project only', async t => {
    const api = await freshApi(t);
    const [one, two] = [(await api.headshot()).body.id, (await api.headshot()).body.id].map(String);
    const action: Action = { kind: 'status', status: 500 };
    api.control.fault({ operation: 'project', nth: 2, times: 2, project: one, action });
    const read = async (id: string | undefined): Promise<number> =>
      (await api.call('GET', `/v1/image-projects/${id}`)).status;
    const statuses: number[] = [];
    for (const id of [one, two, one, two, one, one]) statuses.push(await read(id));
    assert.deepEqual(statuses, [200, 200, 500, 200, 500, 200]);
    assert.equal(api.control.faults[0]?.struck, 2);
  });

  test('redirect to the given URL', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'account', action: { kind: 'redirect', to: 'https://evil.example/v1' } });
    const { status, headers } = await api.call('GET', '/v1/account');
    assert.deepEqual([status, headers.get('location')], [302, 'https://evil.example/v1']);
  });

  test('an early one doesn’t wait for the body', async t => {
    const api = await freshApi(t);
    const { upload_url } = await api.reserve('image', 'png');
    api.control.fault({ operation: 'put', action: { kind: 'status', status: 413, early: true } });
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const put = request(upload_url, { method: 'PUT', headers: { 'content-length': 1_000_000 } }, response =>
      resolve(response.statusCode),
    );
    put.on('error', () => undefined).write('only the beginning');
    assert.equal(await promise, 413);
    put.destroy();
  });
});

suite('reset connections', () => {
  test('before processing: nothing is created', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'create', action: { kind: 'reset' } });
    await assert.rejects(api.headshot());
    assert.deepEqual([api.control.creates().length, api.control.projects().length], [1, 0]);
    assert.deepEqual((await api.control.waitFor('create'))[0]?.outcome, 'broken');
  });

  test('after processing: the job is created', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'create', action: { kind: 'reset', when: 'after' } });
    await assert.rejects(api.headshot());
    assert.equal(api.control.projects().length, 1);
  });

  test('in the middle of an upload: nothing is stored', async t => {
    const api = await freshApi(t);
    const { upload_url } = await api.reserve('image', 'png');
    api.control.fault({ operation: 'put', action: { kind: 'reset', atByte: 100_000 } });
    await assert.rejects(fetch(upload_url, { method: 'PUT', body: Buffer.alloc(4_000_000) }));
    assert.deepEqual(api.control.uploads(), []);
  });

  test('in the middle of a download, by a reset or an early end', async t => {
    const api = await freshApi(t, READY);
    const { url, length } = await result(api);
    api.control.fault({ operation: 'download', action: { kind: 'truncate', atByte: 1000 } });
    api.control.fault({ operation: 'download', action: { kind: 'reset', when: 'reply', atByte: 0 } });
    assert.deepEqual(await look(url), { status: 200, promised: length, bytes: 1000, end: 'cut' });
    assert.notEqual((await look(url)).end, 'end');
    assert.deepEqual(await look(url), { status: 200, promised: length, bytes: length, end: 'end' });
  });

  test('all of them while offline', async t => {
    const api = await freshApi(t);
    api.control.configure({ offline: true });
    assert.equal((await look(`${api.apiUrl}/v1/account`)).end, 'no reply');
    api.control.configure({ offline: false });
    assert.equal((await api.call('GET', '/v1/account')).status, 200);
  });
});

suite('held requests', () => {
  for (const when of ['before', 'after'] as const) {
    test(`${when} processing, then continued`, async t => {
      const api = await freshApi(t);
      api.control.fault({ operation: 'create', action: { kind: 'hold', when } });
      const made = api.headshot();
      assert.equal((await api.control.held('createHeadshot')).operation, 'createHeadshot');
      assert.equal(api.control.projects().length, when === 'before' ? 0 : 1);
      assert.equal(api.control.release('create'), 1);
      assert.equal((await made).status, 200);
      assert.equal(api.control.projects().length, 1);
    });
  }

  test('whose client disconnects before processing are never processed', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'create', action: { kind: 'hold' } });
    const leaving = new AbortController();
    const headers = { authorization: 'Bearer mhk_live_test' };
    const url = `${api.apiUrl}/v1/photo-colorizer`;
    const gone = fetch(url, { method: 'POST', headers, body: '{}', signal: leaving.signal });
    await api.control.held('any');
    leaving.abort();
    await assert.rejects(gone);
    const [record] = await api.control.waitFor('createPhotoColorizer');
    assert.equal(record?.outcome, 'aborted');
    assert.equal(api.control.release(), 0);
    assert.deepEqual(api.control.projects(), []);
  });

  test('for uploads of one kind of file don’t affect the others', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'put', ending: '.wav', action: { kind: 'status', status: 503 } });
    await api.upload('image', 'png');
    const { upload_url } = await api.reserve('audio', 'wav');
    assert.equal((await fetch(upload_url, { method: 'PUT', body: 'a' })).status, 503);
  });

  test('can be reset, and held in the middle of an upload', async t => {
    const api = await freshApi(t);
    const { upload_url } = await api.reserve('audio', 'wav');
    api.control.fault({ operation: 'put', times: 2, action: { kind: 'hold', atByte: 100_000 } });
    const put = async (): Promise<Response> =>
      await fetch(upload_url, { method: 'PUT', body: Buffer.alloc(1_000_000) });
    const first = put();
    assert.ok(((await api.control.held('put')).bytes ?? 0) >= 100_000);
    api.control.release('put', 'reset');
    await assert.rejects(first);
    const second = put();
    await api.control.held('put');
    api.control.release('put');
    assert.equal((await second).status, 200);
    assert.equal(api.control.uploads()[0]?.length, 1_000_000);
  });

  test('a stalled download continues when released', async t => {
    const api = await freshApi(t, READY);
    const { url, length } = await result(api);
    api.control.fault({ operation: 'download', action: { kind: 'stall', atByte: 500 } });
    const seen = look(url);
    await api.control.held('download');
    api.control.release();
    assert.deepEqual(await seen, { status: 200, promised: length, bytes: length, end: 'end' });
  });
});

suite('bodies', () => {
  test('that aren’t JSON, even though the job was created', async t => {
    const api = await freshApi(t);
    api.control.fault({ operation: 'create', action: { kind: 'malformed' } });
    await assert.rejects(api.headshot(), SyntaxError);
    assert.equal(api.control.projects().length, 1);
  });

  test('that never end', async t => {
    const api = await freshApi(t, READY);
    const { url } = await result(api);
    api.control.fault({ operation: 'any', times: 2, action: { kind: 'oversize' } });
    for (const address of [url, `${api.apiUrl}/v1/account`]) {
      assert.equal((await look(address, 20_000_000)).end, 'cut');
    }
    api.violated('missing-authorization'); // a plain GET has no key
  });

  test('that are slow', async t => {
    const api = await freshApi(t, READY);
    const { url, length } = await result(api);
    api.control.fault({ operation: 'download', action: { kind: 'slow', bytesPerSecond: 20_000 } });
    const started = performance.now();
    assert.equal((await look(url)).bytes, length);
    assert.ok(performance.now() - started > (length / 20_000) * 800);
  });

  test('that are edited: deprecated fields dropped, unknown status and type, a disabled project', async t => {
    const api = await freshApi(t);
    const id = String((await api.talkingPhoto({ start_seconds: 0, end_seconds: 1 })).body.id);
    const set = { status: 'simmering', type: 'HOLOGRAM', enabled: false, 'error.code': 'nowhere' };
    const drop = ['total_frame_cost', 'download'];
    api.control.fault({ operation: 'project', action: { kind: 'edit', set, drop } });
    const { body } = await api.call('GET', `/v1/video-projects/${id}`);
    assert.deepEqual(
      [body.status, body.type, body.enabled, body.error],
      ['simmering', 'HOLOGRAM', false, null],
    );
    assert.ok(!('total_frame_cost' in body) && !('download' in body));
  });
});

suite('expiry', () => {
  test('of a download: 403, then a new URL from the project', async t => {
    const api = await freshApi(t, READY);
    const { id, url } = await result(api);
    api.control.fault({ operation: 'download', project: id, action: { kind: 'expire' } });
    assert.equal((await look(url)).status, 403);
    assert.equal((await look(url)).status, 403);
    const { body } = await api.call('GET', `/v1/image-projects/${id}`);
    const [fresh] = body.downloads as { url: string }[];
    assert.equal((await look(fresh?.url ?? '')).status, 200);
  });

  test('of an upload: 403, nothing stored, and another URL works', async t => {
    const api = await freshApi(t);
    const { upload_url } = await api.reserve('image', 'png');
    api.control.fault({ operation: 'put', action: { kind: 'expire' } });
    assert.equal((await fetch(upload_url, { method: 'PUT', body: 'bytes' })).status, 403);
    assert.deepEqual(api.control.uploads(), []);
    await api.upload('image', 'png');
    assert.equal(api.control.uploads().length, 1);
  });

  test('of a project: deleted elsewhere', async t => {
    const api = await freshApi(t);
    const id = String((await api.headshot()).body.id);
    api.control.fault({ operation: 'imageProject', nth: 2, action: { kind: 'gone' } });
    assert.equal((await api.call('GET', `/v1/image-projects/${id}`)).status, 200);
    assert.equal((await api.call('GET', `/v1/image-projects/${id}`)).status, 404);
    assert.equal((await api.call('GET', `/v1/image-projects/${id}`)).status, 404);
  });
});
