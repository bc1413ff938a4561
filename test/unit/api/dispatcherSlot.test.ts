import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { folder } from './support/client.ts';

const source = new URL('../../../src/api/client.ts', import.meta.url);

/** The code of a separate process, because the slots are process-wide. The process prints its findings. */
const observer = (module: string, before: string): string => `
  import assert from 'node:assert/strict';
  import { createRequire } from 'node:module';
  // Importing node:http as a module makes Node fill the slots, because the module contains a WebSocket.
  const { createServer } = createRequire(import.meta.url)('node:http');
  const slots = [1, 2].map(n => Symbol.for('undici.globalDispatcher.' + n));
  const look = () => slots.map(slot => Object.getOwnPropertyDescriptor(globalThis, slot));
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"id":"a","tier":"pro","credits":7}');
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = 'http://127.0.0.1:' + server.address().port;
  ${before}
  const found = look();
  const { createApi } = await import(${JSON.stringify(module)});
  const network = () => ({ proxySupport: 'off', noProxy: [], proxyStrictSSL: true, systemCertificates: false, environment: {} });
  const api = createApi({ apiUrl, key: 'k', network, userAgent: 'x', log: { trace() {}, warn() {} } });
  assert.equal((await api.account()).credits, 7);
  const left = look();
  assert.deepEqual(left, found);
  for (const [n, slot] of slots.entries()) assert.equal(left[n]?.value, found[n]?.value, String(slot));
  // Other extensions' fetch still uses Node's own agent.
  assert.equal((await fetch(apiUrl)).status, 200);
  assert.equal((await api.account()).credits, 7);
  await api.dispose();
  const mine = globalThis[slots[1]];
  assert.equal((await fetch(apiUrl)).status, 200, 'fetch works after our sockets are closed');
  console.log(JSON.stringify({ filled: found.map(slot => slot?.value !== undefined), same: mine === globalThis[slots[1]] }));
  server.closeAllConnections();
  server.close();
`;

/** Writes the code to a file, because Node also fills the slots if it runs a script from the command line. */
const run = async (t: TestContext, module: string, before: string, fetches: boolean): Promise<unknown> => {
  const script = path.join(await folder(t), 'observer.mjs');
  const text = observer(module, before);
  await writeFile(script, fetches ? text : text.replaceAll(/assert\.equal\(\(await fetch[^;]*;/gu, ''));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  return JSON.parse(stdout);
};

/** Bundles the client as the extension does, with undici in a chunk that is loaded with the first request. */
async function bundle(outdir: string): Promise<string> {
  await mkdir(outdir, { recursive: true });
  await build({
    entryPoints: { client: source.pathname },
    outdir,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
    logLevel: 'error',
  });
  return path.join(outdir, 'client.mjs');
}

/** In the last two states, Node's own fetch doesn't work, even without the extension. */
const states = [
  ['fetch hasn’t been used yet', '', [false, false], true],
  ['fetch has been used', 'await fetch(apiUrl);', [true, true], true],
  [
    'only the slot of older hosts is filled',
    'globalThis[slots[0]] = { dispatch() {} };',
    [true, false],
    false,
  ],
  [
    'the slots have been emptied',
    'for (const slot of slots) Object.defineProperty(globalThis, slot, { value: undefined, writable: true });',
    [false, false],
    false,
  ],
] as const;

suite('the process-wide dispatcher stays the same', () => {
  for (const [what, before, filled, fetches] of states) {
    test(`when ${what}`, async t => {
      assert.deepEqual(await run(t, source.href, before, fetches), { filled, same: true });
    });

    test(`when ${what}, bundled`, async t => {
      const module = pathToFileURL(await bundle(await folder(t))).href;
      assert.deepEqual(await run(t, module, before, fetches), { filled, same: true });
    });
  }

  test('undici is in a chunk of its own', async t => {
    const place = await folder(t);
    await bundle(place);
    const holding = [];
    for (const name of await readdir(place)) {
      if ((await readFile(path.join(place, name), 'utf8')).includes('llhttp')) holding.push(name);
    }
    assert.equal(holding.length, 1);
    assert.notEqual(holding[0], 'client.mjs');
    assert.ok((await readFile(path.join(place, 'client.mjs'))).length < 60_000);
  });
});
