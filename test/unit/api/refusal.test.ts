import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MagicHourApi } from '../../../src/api/types.ts';
import { clientOf, failureOf, connectToFakeApi } from './support/client.ts';
import { answering, origin } from './support/origin.ts';

const body = { assets: { image_file_path: 'https://example.com/anna.png' } };
const create = (api: MagicHourApi): Promise<unknown> => api.create('/v1/ai-headshot-generator', body);
const project = (api: MagicHourApi): Promise<unknown> => api.project('image', 'abc');
const uploadUrls = (api: MagicHourApi): Promise<unknown> =>
  api.uploadUrls([{ type: 'audio', extension: 'mp4' }]);
const account = (api: MagicHourApi): Promise<unknown> => api.account();
const remove = (api: MagicHourApi): Promise<unknown> => api.deleteProject('video', 'abc');

const json = (code: string, message: string): string => JSON.stringify({ code, message });

suite('the message of a refusal', () => {
  for (const [what, call, status, reply, key, suggestedAction] of [
    ['a wrong key', account, 401, json('unauthorized', 'Unauthorized'), 'api.key.refused', 'setApiKey'],
    [
      'a key revoked in the meantime',
      create,
      401,
      '{"message":"Unauthorized"}',
      'api.key.refused',
      'setApiKey',
    ],
    ['no credits', create, 402, json('insufficient_credits', 'x'), 'api.credits.insufficient', 'buyCredits'],
    [
      'no credits, in the format until August 2026',
      create,
      402,
      '{"message":"Payment required"}',
      'api.credits.insufficient',
      'buyCredits',
    ],
    [
      'no subscription',
      create,
      402,
      json('subscription_required', 'x'),
      'api.credits.subscription',
      'viewPlans',
    ],
    [
      'a plan that doesn’t include it',
      create,
      402,
      json('plan_upgrade_required', 'x'),
      'api.credits.plan',
      'viewPlans',
    ],
    [
      'an unknown payment code',
      create,
      402,
      json('card_expired', 'Card'),
      'api.credits.payment',
      'buyCredits',
    ],
    ['a feature outside the plan', create, 403, '{"message":"Not in your plan"}', 'api.forbidden', undefined],
    ['an invalid value', create, 400, json('invalid_request', 'end_seconds'), 'api.refused', undefined],
    ['an invalid value, without a message', create, 422, '', 'api.refused.status', undefined],
    [
      'an unsupported file type',
      uploadUrls,
      422,
      '{"message":"\'mp4\' is an invalid"}',
      'api.upload.type',
      undefined,
    ],
    [
      'a project that doesn’t exist',
      project,
      404,
      json('not_found', 'Not Found'),
      'api.project.missing',
      'openLibrary',
    ],
    [
      'a template, which can’t be deleted',
      remove,
      422,
      '{"message":"video is a template"}',
      'api.project.kept',
      undefined,
    ],
    [
      'a route that doesn’t exist',
      create,
      404,
      '{"message":"Not Found"}',
      'api.route.missing',
      'openSettings',
    ],
    ['too many requests', create, 429, '', 'api.busy', 'retry'],
    ['a server error', project, 500, json('internal_server_error', 'x'), 'api.server', 'retry'],
    ['a redirect', project, 302, '', 'api.redirected', 'openSettings'],
  ] as const) {
    test(what, async t => {
      const error = await failureOf(call(clientOf(t, (await origin(t, answering(status, reply))).url)));
      assert.deepEqual(
        [error.text.key, error.suggestedAction, error.details.status],
        [key, suggestedAction, status],
      );
    });
  }

  test("contains the server's message as plain text of limited length, without the key and signatures", async t => {
    const message = `bad\n\u202Eimage mhk_live_test at https://videos.example/a.png?sig=secret ${'x'.repeat(900)}`;
    const server = await origin(t, answering(422, JSON.stringify({ code: 'unprocessable_entity', message })));
    const { details, text } = await failureOf(create(clientOf(t, server.url)));
    assert.match(details.serverWords ?? '', /^bad image \[key\] at https:\/\/videos\.example\/a\.png x+…$/u);
    assert.equal(details.serverWords?.length, 300);
    assert.equal(text.args?.['words'], details.serverWords);
    assert.equal(details.code, 'unprocessable_entity');
  });

  test("doesn't rely on a web page, with any status", async t => {
    const page = answering(404, '<html><body>Nothing here', { 'content-type': 'text/html; charset=utf-8' });
    const error = await failureOf(project(clientOf(t, (await origin(t, page)).url)));
    assert.equal(error.text.key, 'api.notMagicHour');
    assert.equal(error.details.transient, true);
    assert.equal(error.details.serverWords, undefined);
  });

  for (const [what, headers, expected] of [
    ['in seconds', { 'retry-after': '7' }, 7000],
    [
      'as a date, compared with the server’s own clock',
      { 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT', date: 'Fri, 20 Nov 2026 10:00:00 GMT' },
      30_000,
    ],
    ['that is invalid', { 'retry-after': 'later' }, undefined],
    ['that is longer than any number of seconds', { 'retry-after': '9999999999' }, undefined],
  ] as const) {
    test(`comes with a Retry-After ${what}`, async t => {
      const server = await origin(t, answering(429, '', headers));
      const { details } = await failureOf(project(clientOf(t, server.url)));
      assert.equal(details.retryAfter, expected);
      assert.equal(details.transient, true);
    });
  }
});

suite('whether a failed create request may have created a project', () => {
  const html = '<html>Bad Gateway</html>';
  const envelope = json('x', 'A reason');
  for (const [status, reply, made] of [
    [400, envelope, false],
    [401, envelope, false],
    [402, '{"message":"Payment required"}', false],
    [404, '', false],
    [408, '', false],
    [422, envelope, false],
    [429, html, false],
    [502, envelope, false],
    [502, html, false],
    [502, '{"id":"cm1","message":"A reason"}', true],
    [503, '{"id":"cm1","message":"A reason"}', true],
    [503, envelope, false],
    [503, html, true],
    [500, envelope, true],
    [500, '', true],
    [504, html, true],
    [302, '', false],
    [307, '', false],
    [303, '', true],
    [200, '{"credits_charged":50}', true],
    [200, html, true],
    [200, '', true],
  ] as const) {
    test(`${status} with ${reply === '' ? 'nothing' : reply}: ${made ? 'possibly' : 'no'}`, async t => {
      const server = await origin(t, answering(status, reply, { location: '/elsewhere' }));
      const error = await failureOf(create(clientOf(t, server.url)));
      assert.equal(error.details.mayHaveBeenCreated, made);
      assert.equal(server.seen.length, 1);
      if (made) {
        assert.equal(error.text.key, 'api.create.unsure');
        assert.equal(error.suggestedAction, 'openLibrary');
        // Code that checks only this property must not retry either.
        assert.equal(error.details.transient, false);
      }
    });
  }

  test('a connection that was never established: no', async t => {
    const server = await origin(t, answering(200, '{}'));
    const { port } = new URL(server.url);
    const gone = clientOf(t, `http://127.0.0.1:${port === '1' ? 2 : 1}`);
    const error = await failureOf(create(gone));
    assert.deepEqual(
      [error.text.key, error.details.mayHaveBeenCreated, error.details.transient],
      ['api.network.refused', false, true],
    );
  });

  for (const when of ['before', 'after'] as const) {
    test(`a connection that drops ${when} the request was processed: possibly`, async t => {
      const { server, api } = await connectToFakeApi(t);
      server.control.fault({ operation: 'create', action: { kind: 'reset', when } });
      const error = await failureOf(create(api));
      assert.deepEqual([error.text.key, error.details.mayHaveBeenCreated], ['api.create.unsure', true]);
      assert.equal(server.control.creates().length, 1);
      assert.equal(server.control.projects().length, when === 'after' ? 1 : 0);
    });
  }

  test('other operations: never', async t => {
    const server = await origin(t, answering(500, ''));
    for (const call of [account, project, uploadUrls, remove]) {
      assert.equal((await failureOf(call(clientOf(t, server.url)))).details.mayHaveBeenCreated, false);
    }
  });
});
