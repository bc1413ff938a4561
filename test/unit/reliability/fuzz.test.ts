import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { ApiError } from '../../../src/api/errors.ts';
import { singleLine } from '../../../src/api/redact.ts';
import { refusalError } from '../../../src/api/refusal.ts';
import { readRefusal, readText } from '../../../src/api/response.ts';
import { account, created, project, uploadTargets } from '../../../src/api/schemas.ts';
import { parseRecord, serializeRecord } from '../../../src/jobs/record.ts';
import { pageRequestSchema } from '../../../src/shared/pageRequest.ts';
import { mutateText, mutateValue } from './mutations.ts';
import { seeded } from './random.ts';

const inputs = 30_000;
/** The time limit for one input in milliseconds. It is far longer than any input needs, and far shorter than a hang. */
const maxDuration = 2_000;
/** The maximum growth of memory, in bytes. */
const maxMemory = 500e6;

/** Runs `check` for every input. No input may make it throw, take long, leak memory, or change `Object.prototype`. */
async function fuzz(t: TestContext, check: (n: number) => unknown): Promise<void> {
  const before = process.memoryUsage().rss;
  let slowest = 0;
  for (let n = 0; n < inputs; n++) {
    const start = performance.now();
    const pending = check(n);
    if (pending instanceof Promise) await pending;
    slowest = Math.max(slowest, performance.now() - start);
  }
  const memory = process.memoryUsage().rss - before;
  t.diagnostic(`slowest ${slowest.toFixed(1)} ms, ${Math.round(memory / 1e6)} MB`);
  assert.ok(slowest < maxDuration, `${slowest} ms for one input`);
  assert.ok(memory < maxMemory, `${memory} bytes`);
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
}

const seedResponses: readonly unknown[] = [
  { id: 'abc123', tier: 'pro', credits: 1240 },
  {
    items: [
      {
        upload_url: 'https://storage.example/api-assets/id/1.png?auth-value=x',
        expires_at: '2026-11-20T17:00:00Z',
        file_path: 'api-assets/id/1.png',
      },
    ],
  },
  { id: 'cm123', credits_charged: 50, frame_cost: 50 },
  {
    id: 'cm123',
    status: 'complete',
    enabled: true,
    credits_charged: 50,
    downloads: [
      { url: 'https://videos.example/cm123/output.png?auth-value=x', expires_at: '2026-11-20T17:00:00Z' },
    ],
    download: { url: 'https://videos.example/cm123/output.png', expires_at: '2026-11-20T17:00:00Z' },
    error: { code: 'no_source_face', message: 'No face' },
  },
  { code: 'unauthorized', message: 'Unauthorized', polluted: true },
  { error: { message: 'Wrong', code: 'x' } },
];
const xml = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
const operations = [
  'account',
  'uploadUrls',
  'create',
  'project',
  'deleteProject',
  'upload',
  'download',
] as const;
const isPlain = (words: string): boolean => singleLine(words) === words;

suite('responses of the API', () => {
  test('are read or rejected, with any content', { timeout: 120_000 }, async t => {
    const random = seeded(1);
    const one = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const secret = 'mhk_live_secret';
    let read = 0;
    await fuzz(t, async n => {
      const seed =
        n % 7 === 6
          ? xml
          : JSON.stringify(n % 2 ? one(seedResponses) : mutateValue(one(seedResponses), random));
      const text = n % 2 ? mutateText(seed ?? '', random) : (seed ?? '');
      const status = one([200, 200, 200, 302, 400, 401, 402, 403, 404, 422, 429, 500, 502, 503, 599]);
      const headers: Record<string, string> = {
        'retry-after': mutateText('120', random),
        date: mutateText('Fri, 20 Nov 2026 17:00:00 GMT', random),
      };
      const reply = await readText({
        status,
        header: name => headers[name],
        body: (async function* () {
          yield Buffer.from(text);
        })(),
      });
      for (const schema of [account, uploadTargets, created, project]) {
        const parsed = v.safeParse(schema, reply.json);
        if (!parsed.success) continue;
        read++;
        const { output } = parsed;
        if ('status' in output) {
          assert.match(output.id, /^[\w-]{1,128}$/);
          for (const { url } of output.downloads) assert.ok(URL.canParse(url));
          if (output.error) assert.ok(isPlain(output.error.message));
        }
        if ('items' in output)
          for (const item of output.items) assert.doesNotMatch(item.file_path, /\.\.|^\/|[\s\\<>"']/);
      }
      const operation = one(operations);
      const refusal = readRefusal(reply, [secret]);
      assert.ok(refusal.words === undefined || (isPlain(refusal.words) && refusal.words.length <= 300));
      const error = refusalError({
        ...reply,
        operation,
        refusal,
        host: 'api.magichour.ai',
        name: 'anna.png',
      });
      assert.ok(error instanceof ApiError);
      const { retryAfter = 0 } = error.details;
      assert.ok(Number.isFinite(retryAfter) && retryAfter >= 0);
      // A create request that may have succeeded is never retried.
      assert.ok(!(error.details.mayHaveBeenCreated && error.details.transient));
    });
    assert.ok(read > inputs / 20, `only ${read} were read`);
  });
});

const seedJob = {
  schema: 2,
  id: '0mwp8wnsq-dldheag8',
  batch: '0mwp8wnsq-dldheag8',
  createdAt: 1,
  updatedAt: 2,
  phase: 'downloading',
  request: {
    tool: 'talkingPhoto',
    inputs: {
      image: { kind: 'file', uri: 'file:///anna.png' },
      audio: { kind: 'url', url: 'https://a.example/a.mp3' },
    },
    values: { name: 'Anna', intensity: 1 },
    clip: { start: 0, end: 1.5 },
    trim: true,
    estimate: { credits: 50, exact: true },
    folder: 'file:///pictures',
    stem: 'anna',
  },
  approval: 1,
  posts: 1,
  refusals: 0,
  uploads: { references: { image: 'api-assets/a.png' }, at: 2 },
  projectId: 'cm123',
  creditsCharged: 50,
  waited: 3,
  finalizing: { index: 0, uri: 'file:///pictures/anna.png', bytes: 100 },
  results: ['file:///pictures/anna.png'],
  failure: {
    message: { key: 'api.server', args: { status: 500 } },
    suggestedAction: 'retry',
    resumable: true,
  },
  revision: 4,
  owner: { window: 'w', claim: 'c' },
  writes: ['a', 'b'],
};

suite('records of jobs', () => {
  test('are read or left alone, with any content', { timeout: 120_000 }, async t => {
    const random = seeded(2);
    const found = { readable: 0, unreadable: 0 };
    const complete = JSON.stringify(seedJob);
    assert.ok(parseRecord(complete));
    await fuzz(t, n => {
      const stored = parseRecord(
        n % 2 ? mutateText(complete, random) : (JSON.stringify(mutateValue(seedJob, random)) ?? ''),
      );
      found[stored ? 'readable' : 'unreadable']++;
      // A record that can be read can also be written.
      if (stored) assert.ok(parseRecord(serializeRecord(stored)));
    });
    assert.ok(Math.min(...Object.values(found)) > 0, JSON.stringify(found));
  });
});

const draft = {
  tool: 'headshot',
  rows: [{ id: 'r1', inputs: { image: { kind: 'file', uri: 'file:///anna.png' } }, start: '', end: '' }],
  values: { name: 'Anna' },
};
const source = { kind: 'file', uri: 'file:///anna.png' };
const seedMessages: readonly unknown[] = [
  { type: 'ready' },
  { type: 'draft', draft },
  { type: 'chooseFile', row: 'r1', input: 'image' },
  { type: 'dropUris', row: 'r1', input: 'image', uris: ['file:///anna.png'] },
  { type: 'dropFile', row: 'r1', input: 'image', name: 'anna.png', bytes: new Uint8Array(8) },
  { type: 'submit', draft, credits: 50 },
  { type: 'job', job: 'j', action: 'answer', index: 0, answer: 'created' },
  { type: 'suggestedAction', suggestedAction: 'retry', job: 'j' },
  { type: 'savePreset', name: 'Mine', values: { name: 'Anna' } },
  { type: 'readBytes', source, from: 0, length: 100 },
  { type: 'cutClip', source, start: 0, end: 1 },
  { type: 'pageError', text: 'oops' },
].map((body, request) => ({ request, body }));

suite('messages from the page', () => {
  test('are accepted or rejected, with any content', { timeout: 120_000 }, async t => {
    const random = seeded(3);
    const circle: Record<string, unknown> = { request: 1 };
    circle['body'] = circle;
    assert.ok(!v.safeParse(pageRequestSchema, circle).success);
    for (const seed of seedMessages)
      assert.ok(v.safeParse(pageRequestSchema, seed).success, JSON.stringify(seed));
    let accepted = 0;
    await fuzz(t, n => {
      const parsed = v.safeParse(
        pageRequestSchema,
        mutateValue(seedMessages[n % seedMessages.length], random),
      );
      if (!parsed.success) return;
      accepted++;
      const { body } = parsed.output;
      if (body.type === 'readBytes')
        assert.ok(Number.isSafeInteger(body.from) && body.from >= 0 && body.length <= 16 * 1024 * 1024);
      if (body.type === 'savePreset') assert.ok(body.name.length > 0 && body.name.length <= 200);
    });
    assert.ok(accepted > inputs / 20 && accepted < inputs, `${accepted} were accepted`);
  });
});
