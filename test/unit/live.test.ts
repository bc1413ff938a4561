import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { live } from '../../scripts/live.ts';
import { planOf, run } from '../../scripts/liveJobs.ts';
import type { Clock } from '../../src/api/retry.ts';
import { toolOf, tools } from '../../src/tools/index.ts';
import { TOOLS } from '../fake-api/catalogue.ts';
import type { Fault } from '../fake-api/faults.ts';
import { startFakeApi, type FakeApi } from '../fake-api/server.ts';
import type { Json } from '../fake-api/shape.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { asJsonSchema } from './fake-api/openapi.ts';

const key = 'mhk_live_never_shown';
const qrPath = '/v1/ai-qr-code-generator';
const root = join(import.meta.dirname, '../..');
const video = join(root, 'test/fake-api/sample.mp4');

/** Rendering takes no time in these tests, so neither does waiting. */
const clock: Clock = { now: () => Date.now(), random: () => 0, wait: () => Promise.resolve() };
const renderMs = Object.fromEntries(TOOLS.map(({ id }) => [id, 0]));

type Schema = Record<string, Json>;

/** Describes the requests that the fake API accepts, after `change` has edited the schema of a QR code request. */
function described(change: (schema: Schema) => void = () => undefined): string {
  const operations = TOOLS.map(({ path, body }) => {
    const schema = structuredClone(asJsonSchema(body)) as Schema;
    if (path === qrPath) change(schema);
    return [path, { post: { requestBody: { content: { 'application/json': { schema } } } } }];
  });
  return JSON.stringify({ paths: Object.fromEntries(operations) as unknown });
}

interface Run {
  readonly code: number;
  readonly output: string;
  /** Questions that were asked. */
  readonly asked: readonly string[];
}

interface Desk {
  readonly api: FakeApi;
  readonly spec: string;
  /** Runs the check. `answer` is typed at every question. If it's absent, there's no user to ask. */
  readonly check: (
    args?: readonly string[],
    answer?: string,
    environment?: Record<string, string>,
  ) => Promise<Run>;
}

async function desk(t: TestContext, account: { credits?: number; tier?: string } = {}): Promise<Desk> {
  const api = await startFakeApi({ behavior: { renderMs } });
  t.after(async () => {
    await api.close();
    assert.deepEqual(api.control.takeViolations(), []);
  });
  api.control.addKey(key, { credits: 10_000, tier: 'business', ...account });
  const folder = await temporaryFolder(t);
  const spec = join(folder, 'openapi.json');
  await writeFile(spec, described());
  return {
    api,
    spec,
    async check(args = [], answer, environment = { MAGIC_HOUR_API_KEY: key }) {
      const lines: string[] = [];
      const asked: string[] = [];
      const code = await live(['--api-url', api.apiUrl, '--spec', spec, ...args], {
        environment,
        clock,
        temporary: folder,
        print: line => lines.push(line),
        ...(answer !== undefined && {
          ask: (question: string) => {
            asked.push(question);
            return Promise.resolve(answer);
          },
        }),
      });
      const output = lines.join('\n');
      assert.ok(!output.includes(key), 'the key is shown');
      return { code, output, asked };
    },
  };
}

const pathsOf = (api: FakeApi): string[] => api.control.creates().map(({ path }) => path);
const creditsOf = (api: FakeApi): number => api.control.account(key).credits;

suite('the live check', () => {
  test('passes when the API is as expected, and saves a QR code', async t => {
    const { check } = await desk(t);
    const { code, output } = await check();
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /✖/);
    for (const what of ['Account: business plan, 10000 credits', 'Upload', 'QR Code: 0 credits, saved as'])
      assert.ok(output.includes(`✔ ${what}`), `${what} in ${output}`);
    assert.equal(output.match(/✔ Request for /g)?.length, tools.length);
    const saved = /saved as (.+\.png)/.exec(output)?.[1] ?? '';
    assert.equal((await readFile(saved)).toString('latin1', 1, 4), 'PNG');
  });

  test('deletes the QR code from the library', async t => {
    const { api, check } = await desk(t);
    await check(['qrCode']);
    assert.deepEqual(
      api.control.projects().map(({ deleted }) => deleted),
      [true],
    );
  });

  test('runs as a command, and prints the key nowhere', async t => {
    const { api, spec } = await desk(t);
    const folder = await temporaryFolder(t);
    for (const [MAGIC_HOUR_API_KEY, expected] of [
      [key, 0],
      [`${key}_wrong`, 1],
    ] as const) {
      const args = ['scripts/live.ts', 'qrCode', '--api-url', api.apiUrl, '--spec', spec];
      const env = { ...process.env, MAGIC_HOUR_API_KEY, TMPDIR: folder, TEMP: folder };
      const child = execFile(process.execPath, args, { cwd: root, env });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (text: string) => (output += text));
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, expected, output);
      assert.ok(!output.includes(key));
    }
  });

  test('asks for a key that isn’t in the environment, without showing it', async t => {
    const { check } = await desk(t);
    const { code, asked } = await check(['qrCode'], key, {});
    assert.equal(code, 0);
    assert.deepEqual(asked, ['API key: ']);
    const alone = await check(['qrCode'], undefined, {});
    assert.equal(alone.code, 1);
    assert.match(alone.output, /Set MAGIC_HOUR_API_KEY/);
  });

  test('doesn’t repeat a key that was typed as an argument', async t => {
    const { check } = await desk(t);
    assert.equal((await check([key])).code, 1);
    assert.equal((await check([`--key=${key}`])).code, 1);
  });

  test('sends the key to the API only', async t => {
    const { check } = await desk(t);
    const headers: string[] = [];
    const server = createServer(({ rawHeaders }, response) => {
      headers.push(...rawHeaders);
      response.end(described());
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    assert.equal((await check(['qrCode', '--spec', `http://127.0.0.1:${port}/openapi.json`])).code, 0);
    assert.ok(headers.length > 0);
    // The fake API itself verifies that the storage never gets the key.
    assert.ok(!headers.join(' ').includes(key));
  });
});

suite('the live check spends nothing', () => {
  test('without --paid, only the QR code is created, and all prices are shown', async t => {
    const { api, check } = await desk(t);
    const { output } = await check(['--video', video, '--yes'], 'y');
    assert.deepEqual(pathsOf(api), [qrPath]);
    assert.equal(creditsOf(api), 10_000);
    assert.equal(output.match(/\d credits(?: or more)? {2}/g)?.length, tools.length - 1);
    assert.match(output, /50 credits {2}AI Headshot/);
    assert.match(output, /Nothing was charged/);
  });

  for (const [when, answer] of [
    ['the answer is no', 'n'],
    ['the answer is empty', ''],
    ['there’s no user to ask', undefined],
  ] as const)
    test(`with --paid when ${when}`, async t => {
      const { api, check } = await desk(t);
      const { asked } = await check(['--paid', 'headshot', 'qrCode'], answer);
      if (answer !== undefined) assert.deepEqual(asked, ['Pay about 50 credits? (y/N) ']);
      assert.deepEqual(pathsOf(api), [qrPath]);
      assert.equal(creditsOf(api), 10_000);
    });

  test('with --paid when the account has too few credits', async t => {
    const { api, check } = await desk(t, { credits: 49 });
    const { code, output } = await check(['--paid', '--yes', 'headshot']);
    assert.equal(code, 1);
    assert.match(output, /The account has only 49 credits/);
    assert.deepEqual(pathsOf(api), []);
  });

  test('on what the plan doesn’t include', async t => {
    const { api, check } = await desk(t, { tier: 'free' });
    const { output } = await check([
      '--paid',
      '--yes',
      '--video',
      video,
      'videoTranslator',
      'photoColorizer',
    ]);
    assert.match(output, /Video Translator \(skipped: This needs a paid Magic Hour plan/);
    assert.deepEqual(pathsOf(api), ['/v1/photo-colorizer']);
  });

  test('on a job that wasn’t approved, for any caller', async () => {
    const runner = {
      // The API isn't called at all.
      api: undefined as never,
      clock,
      folder: '',
      mayPay: false,
      onCreated: () => undefined,
    };
    const plan = await planOf(toolOf('gifGenerator'), {}, 'business');
    await assert.rejects(run(plan, runner), /gifGenerator isn't free/);
  });

  test('on tools whose file is missing', async t => {
    const { api, check } = await desk(t);
    const { code, output } = await check(['--paid', '--yes', 'lipSync']);
    assert.equal(code, 0);
    assert.match(output, /Lip Sync \(skipped: Needs --video FILE/);
    assert.deepEqual(pathsOf(api), []);
  });
});

suite('the paid live check', () => {
  test('creates every tool once, for the price that was shown', async t => {
    const { api, check } = await desk(t);
    const { code, output } = await check(['--paid', '--yes', '--video', video]);
    assert.equal(code, 0, output);
    assert.deepEqual(pathsOf(api).toSorted(), tools.map(({ path }) => path).toSorted());
    const total = /(\d+) credits in total/.exec(output)?.[1];
    assert.equal(creditsOf(api), 10_000 - Number(total));
    for (const [, path] of output.matchAll(/saved as (.+)$/gm)) assert.ok(existsSync(path ?? ''), path);
  });

  test('creates only the tools that were named, after a yes', async t => {
    const { api, check } = await desk(t);
    const { code } = await check(['--paid', 'headshot'], 'y');
    assert.equal(code, 0);
    assert.deepEqual(pathsOf(api), ['/v1/ai-headshot-generator']);
    assert.deepEqual(
      api.control.projects().map(({ deleted }) => deleted),
      [false],
    );
  });

  test('ends when more is charged than was agreed to', async t => {
    const { api, check } = await desk(t);
    const action = { kind: 'edit', set: { credits_charged: 51 } } as const;
    api.control.fault({ operation: 'imageProject', times: 'always', action });
    const { code, output } = await check(['--paid', '--yes', 'headshot', 'photoColorizer']);
    assert.equal(code, 1);
    assert.match(output, /✖ AI Headshot: Charged 51 credits, but the form shows 50/);
    assert.match(output, /✖ Stopped: More was charged than you agreed to/);
    assert.deepEqual(pathsOf(api), ['/v1/ai-headshot-generator']);
  });

  test('never repeats a create request whose response was lost', async t => {
    const { api, check } = await desk(t);
    api.control.fault({ operation: 'createHeadshot', action: { kind: 'reset', when: 'after' } });
    const { code, output } = await check(['--paid', '--yes', 'headshot']);
    assert.equal(code, 1);
    assert.match(output, /✖ AI Headshot: The request was sent, but no response came back/);
    assert.equal(pathsOf(api).length, 1);
  });
});

suite('the live check reports', () => {
  test('a key that is rejected, and sends nothing else', async t => {
    const { api, check } = await desk(t);
    api.control.revokeKey(key);
    const { code, output } = await check();
    assert.equal(code, 1);
    assert.match(output, /Magic Hour rejected the API key/);
    assert.equal(api.control.requests.length, 1);
  });

  for (const [what, fault, words] of [
    [
      'an account without credits',
      { operation: 'account', action: { kind: 'edit', drop: ['credits'] } },
      /GET \/v1\/account doesn’t return an ID, a plan, and the credits/,
    ],
    [
      'a missing upload URL',
      { operation: 'uploadUrls', action: { kind: 'edit', drop: ['items.0.upload_url'] } },
      /✖ Upload: Couldn’t read the response.+upload_url/,
    ],
    [
      'a project without an ID',
      { operation: 'createQrCode', action: { kind: 'edit', drop: ['id'] } },
      /✖ QR Code: .+check your Magic Hour library.+\bid\b/,
    ],
    [
      'a create response without a price',
      { operation: 'createQrCode', action: { kind: 'edit', drop: ['credits_charged', 'frame_cost'] } },
      /✖ QR Code: The response doesn’t say how many credits were charged/,
    ],
    [
      'a price that isn’t the one we show',
      { operation: 'imageProject', times: 'always', action: { kind: 'edit', set: { credits_charged: 5 } } },
      /✖ QR Code: Charged 5 credits, but the form shows 0/,
    ],
    [
      'a missing status',
      { operation: 'imageProject', action: { kind: 'edit', drop: ['status'] } },
      /✖ QR Code: Couldn’t read the response.+status/,
    ],
    [
      'a server error that contains the key',
      { operation: 'createQrCode', action: { kind: 'status', status: 422, json: { message: `No ${key}` } } },
      /✖ QR Code: Magic Hour rejected the request: No \[key\]/,
    ],
  ] as const satisfies readonly (readonly [string, Fault, RegExp])[])
    test(what, async t => {
      const { api, check } = await desk(t);
      api.control.fault(fault);
      const { code, output } = await check(['qrCode']);
      assert.equal(code, 1);
      assert.match(output, words);
    });

  test('a job that fails', async t => {
    const { api, check } = await desk(t);
    api.control.plan({ status: 'error', error: { code: 'content_policy_violation', message: 'No' } });
    const { code, output } = await check(['qrCode']);
    assert.equal(code, 1);
    assert.match(output, /✖ QR Code: .*policy/i);
  });

  test('a field that the description no longer has', async t => {
    const { spec, check } = await desk(t);
    await writeFile(
      spec,
      described(({ properties }) => delete (properties as Schema)['content']),
    );
    const { code, output } = await check(['qrCode']);
    assert.equal(code, 1);
    assert.match(output, /✖ Request for QR Code: content isn't described/);
  });

  test('a field that is now required', async t => {
    const { spec, check } = await desk(t);
    await writeFile(
      spec,
      described(({ required }) => (required as string[]).push('name')),
    );
    const { output } = await check(['qrCode']);
    assert.match(output, /✖ Request for QR Code: name is required/);
  });

  test('a value that the description no longer has', async t => {
    const { spec, check } = await desk(t);
    await writeFile(spec, described().replaceAll('"creative"', '"inventive"'));
    const { code, output } = await check(['imageUpscaler']);
    assert.equal(code, 1);
    assert.match(output, /✖ Request for Image Upscaler: style\.mode "creative" isn't described/);
  });

  test('a tool that isn’t described as not checked', async t => {
    const { spec, check } = await desk(t);
    await writeFile(spec, JSON.stringify({ paths: {} }));
    const { code, output } = await check(['qrCode']);
    assert.equal(code, 0);
    assert.match(output, /– Request for QR Code: not in the API description/);
  });

  test('a description that can’t be read', async t => {
    const { spec, check } = await desk(t);
    await writeFile(spec, '<html>');
    const { code, output } = await check(['qrCode']);
    assert.equal(code, 1);
    assert.match(output, /✖ Requests: Couldn't read the API description/);
  });
});
