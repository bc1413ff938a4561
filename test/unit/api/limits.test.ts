import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { defaultLimits } from '../../../src/api/limits.ts';
import { clientOf, failureOf, connectToFakeApi, tight } from './support/client.ts';
import { origin } from './support/origin.ts';

const body = { assets: { image_file_path: 'https://example.com/anna.png' } };
const path = '/v1/ai-headshot-generator';

suite('time limits', () => {
  test('give a create request at least two minutes', () => {
    const { headers, idle, total = 0 } = defaultLimits.create;
    assert.ok(Math.min(headers, idle, total) >= 120_000);
  });

  test('end a call without a response', async t => {
    const { server, api } = await connectToFakeApi(t, { client: { limits: tight(150) } });
    server.control.fault({ operation: 'account', action: { kind: 'hold' } });
    const error = await failureOf(api.account());
    assert.deepEqual([error.text.key, error.details.transient], ['api.network.timeout', true]);
  });

  test('end a call whose response stalls', async t => {
    const { server, api } = await connectToFakeApi(t, { client: { limits: tight(150) } });
    server.control.fault({ operation: 'account', action: { kind: 'stall' } });
    const error = await failureOf(api.account());
    assert.deepEqual([error.text.key, error.details.transient], ['api.network.stalled', true]);
  });

  test('end a call whose response is endless', async t => {
    const server = await origin(t, (request, response) => {
      request.resume();
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    });
    const limits = { ...tight(10_000), account: { headers: 10_000, idle: 10_000, total: 200 } };
    const error = await failureOf(clientOf(t, server.url, { limits }).account());
    assert.deepEqual([error.text.key, error.details.transient], ['api.network.timeout', true]);
  });

  test('report that a create request without a response may have succeeded', async t => {
    const { server, api } = await connectToFakeApi(t, { client: { limits: tight(150) } });
    server.control.fault({ operation: 'create', action: { kind: 'hold', when: 'after' } });
    const error = await failureOf(api.create(path, body));
    assert.deepEqual([error.text.key, error.details.mayHaveBeenCreated], ['api.create.unsure', true]);
  });

  test("don't matter when an abort ends the call with its reason", async t => {
    const { server, api } = await connectToFakeApi(t);
    server.control.fault({ operation: 'account', action: { kind: 'hold' } });
    const stop = new AbortController();
    const call = api.account({ signal: stop.signal });
    await server.control.held('account');
    const reason = new Error('enough');
    stop.abort(reason);
    await assert.rejects(call, thrown => thrown === reason);
    await assert.rejects(api.account({ signal: stop.signal }), thrown => thrown === reason);
    assert.equal(server.control.requests.length, 1);
  });
});
