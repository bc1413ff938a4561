import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import type { ApiError } from '../../../src/api/errors.ts';
import { bareUrl, singleLine, redact, safeCause } from '../../../src/api/redact.ts';
import type { Action } from '../../fake-api/faults.ts';
import { failureOf, folder, key, logged, connectToFakeApi, tight } from './support/client.ts';

/** Everything in an error that could end up in a log, a report, or a message. */
const everything = (error: ApiError): string =>
  [
    JSON.stringify(error),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    inspect(error, { depth: 20, showHidden: true, getters: true }),
    String(error),
    error.stack,
    JSON.stringify(error.text),
    JSON.stringify(error.details),
    inspect(error.cause, { depth: 20, showHidden: true }),
  ].join('\n');

/** The server repeats the key and a signed URL in every response. */
const words = `Wrong key ${key} for https://videos.magichour.ai/x.png?auth-value=signed-query`;

const faults: readonly Action[] = [
  { kind: 'status', status: 401, json: { code: key, message: words } },
  { kind: 'status', status: 422, json: { message: words } },
  { kind: 'status', status: 500, html: `<html>${words}</html>` },
  { kind: 'status', status: 403, json: { message: words } },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'reply' },
  { kind: 'hold' },
  { kind: 'stall' },
  { kind: 'malformed', text: `{"id": "${key}` },
  { kind: 'malformed', text: JSON.stringify({ id: words, status: words, error: words }) },
  { kind: 'redirect', to: `https://elsewhere.example/?auth-value=signed-query&key=${key}` },
];

suite('no error and no log contains the key or a signature', () => {
  for (const action of faults) {
    test(JSON.stringify(action).slice(0, 60), async t => {
      const { server, api } = await connectToFakeApi(t, { client: { limits: tight(120) } });
      const file = path.join(await folder(t), 'anna.png');
      await writeFile(file, 'x'.repeat(100_000));
      const made = await api.create('/v1/ai-headshot-generator', {
        assets: { image_file_path: 'https://a.example/a.png' },
      });
      const [target] = await api.uploadUrls([{ type: 'image', extension: 'png' }]);
      server.control.complete(made.id);
      const result = (await api.project('image', made.id)).downloads[0]?.url ?? '';
      const signatures = [target?.url ?? '', result].flatMap(url => [...new URL(url).searchParams.values()]);
      assert.ok(signatures.length >= 2);
      server.control.fault({ operation: 'any', times: 'always', action });
      const calls = [
        () => api.account(),
        () => api.uploadUrls([{ type: 'image', extension: 'png' }]),
        () => api.create('/v1/ai-headshot-generator', {}),
        () => api.project('image', made.id),
        () => api.deleteProject('image', made.id),
        () => api.put(target?.url ?? '', { path: file, bytes: 100_000 }),
        () => api.get(result, `${file}.part`),
      ];
      const errors = await Promise.all(calls.map(async call => call().then(() => undefined, failureOrValue)));
      const failed = errors.filter(error => error !== undefined);
      assert.ok(failed.length >= 3);
      server.control.clearFaults();
      server.control.takeViolations();
      for (const text of [...failed.map(everything), logged.join('\n')]) {
        for (const secret of [key, 'signed-query', ...signatures]) {
          assert.ok(!text.includes(secret), `“${secret}” is in: ${text}`);
        }
      }
    });
  }
});

const failureOrValue = (reason: unknown): Promise<ApiError> => failureOf(Promise.reject(reason));

suite('a safe cause', () => {
  test('has name, code and message of an error, with two causes', () => {
    const deep = new Error('fourth');
    const inner = Object.assign(
      new TypeError(`for https://u:p@a.example/b?sig=1 with ${key}`, {
        cause: new Error('third', { cause: deep }),
      }),
      {
        input: `https://a.example/?${key}`,
      },
    );
    const error = Object.assign(new Error('first', { cause: inner }), {
      code: 'ECONNRESET',
      socket: { key },
    });
    const safe = safeCause(error, [key]);
    assert.equal(safe?.message, 'Error (ECONNRESET): first');
    assert.ok(safe.cause instanceof Error);
    assert.equal(safe.cause.message, 'TypeError: for https://a.example/b with [key]');
    const shown = inspect(safe, { depth: 20 });
    assert.match(shown, /third/u);
    assert.doesNotMatch(shown, /fourth|sig=1|mhk_live|socket/u);
  });

  test("is undefined for what isn't an error", () => {
    for (const odd of [undefined, null, key, { message: key }])
      assert.equal(safeCause(odd, [key]), undefined);
  });

  test('has the first error of an aggregate', () => {
    const safe = safeCause(new AggregateError([new Error('one'), new Error('two')], 'all failed'), []);
    assert.match(inspect(safe), /all failed[\s\S]*one/u);
  });
});

test('plain text has one line of limited length, without hidden characters', () => {
  assert.equal(singleLine('  a\r\n\tb\u0000\u001B[31mc\u202Ed\u200B  '), 'a b [31mc d');
  assert.equal(singleLine('x'.repeat(400)).length, 300);
  assert.equal(singleLine('ab😀cd', 4), 'ab…');
  assert.equal(singleLine('ab😀', 4), 'ab😀');
});

test('URLs are shown without user and query', () => {
  assert.equal(bareUrl('https://u:p@a.example/b/c?d#e'), 'https://a.example/b/c');
  assert.equal(bareUrl('nonsense'), '(no URL)');
  assert.equal(
    redact('see HTTPS://a.example/x?sig=1, “http://b.example?y”', []),
    'see https://a.example/x “http://b.example/',
  );
});
