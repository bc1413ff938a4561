import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { createConnections } from '../../../src/api/connections.ts';
import { type NetworkSettings, directSettings } from '../../../src/api/route.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/server.ts';
import { clientOf, failureOf, folder, connectToFakeApi, tight } from './support/client.ts';
import { answering, origin } from './support/origin.ts';
import { startProxy } from './support/proxy.ts';

const fixtures = new URL('../../fixtures/tls/', import.meta.url);
const fixture = (name: string): Promise<string> => readFile(new URL(name, fixtures), 'utf8');
const ca = new URL('ca.pem', fixtures).pathname;
const environment = { NODE_EXTRA_CA_CERTS: ca };

const settings = (change: Partial<NetworkSettings> = {}): NetworkSettings => ({
  ...directSettings,
  proxySupport: 'override',
  environment,
  ...change,
});

/** Starts the fake API with TLS, a private certificate authority, and a host name that only a proxy can resolve. */
async function secured(t: TestContext): Promise<{ server: FakeApi; port: number; named: string }> {
  const tls = { key: await fixture('key.pem'), cert: await fixture('cert.pem') };
  const server = await startFakeApi({ tls, behavior: { clock: 'manual' } });
  t.after(() => server.close());
  const port = Number(new URL(server.apiUrl).port);
  return { server, port, named: `https://api.magic-hour.test:${port}` };
}

suite('a private certificate authority', () => {
  test('is trusted when NODE_EXTRA_CA_CERTS names it', async t => {
    const { server } = await secured(t);
    const api = clientOf(t, server.apiUrl, { network: () => settings() });
    assert.equal((await api.account())?.credits, 1240);
  });

  test("isn't trusted otherwise, and the message says what to do", async t => {
    const { server } = await secured(t);
    const api = clientOf(t, server.apiUrl, { network: () => settings({ environment: {} }) });
    const error = await failureOf(api.create('/v1/ai-headshot-generator', {}));
    assert.equal(error.text.key, 'api.network.certificate');
    assert.equal(error.text.args?.['code'], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    assert.deepEqual([error.suggestedAction, error.details.transient], ['openSettings', false]);
    assert.equal(error.details.mayHaveBeenCreated, false);
    assert.equal(server.control.requests.length, 0);
  });

  test("isn't needed when http.proxyStrictSSL is off", async t => {
    const { server } = await secured(t);
    const network = () => settings({ environment: {}, proxyStrictSSL: false });
    assert.ok(await clientOf(t, server.apiUrl, { network }).account());
  });

  test("doesn't help when the certificate has another name", async t => {
    const { port } = await secured(t);
    const proxy = await startProxy(t, { to: port });
    const network = () => settings({ proxy: proxy.url });
    const error = await failureOf(clientOf(t, `https://other.test:${port}`, { network }).account());
    assert.equal(error.text.key, 'api.network.certificate');
    assert.equal(error.text.args?.['code'], 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('is trusted in addition to system certificates', async t => {
    const { server } = await secured(t);
    const network = () => settings({ systemCertificates: true });
    assert.ok(await clientOf(t, server.apiUrl, { network }).account());
  });

  test("may be missing when it isn't needed", async t => {
    const server = await origin(t, answering(404, '{}'));
    const place = await folder(t);
    const network = () => settings({ environment: { NODE_EXTRA_CA_CERTS: path.join(place, 'none.pem') } });
    assert.equal(await clientOf(t, server.url, { network }).account(), undefined);
  });

  test("doesn't matter when the server doesn't use TLS", async t => {
    const server = await origin(t, answering(200, '{}'));
    const api = clientOf(t, server.url.replace('http:', 'https:'), { network: () => settings() });
    assert.equal((await failureOf(api.account())).text.key, 'api.network.tls');
  });
});

suite('a proxy', () => {
  const authorization = `Basic ${Buffer.from('anna:p@ss').toString('base64')}`;

  test('tunnels calls, with the credentials in its URL', async t => {
    const { server, port, named } = await secured(t);
    const proxy = await startProxy(t, { to: port, authorization });
    const withUser = proxy.url.replace('//', '//anna:p%40ss@');
    const api = clientOf(t, named, { network: () => settings({ proxy: withUser }) });
    assert.ok(await api.account());
    assert.ok(
      await api.create('/v1/ai-headshot-generator', {
        assets: { image_file_path: 'https://a.example/a.png' },
      }),
    );
    assert.deepEqual([...new Set(proxy.asked)], [new URL(named).host]);
    assert.deepEqual(
      server.control.requests.map(({ headers }) => headers['proxy-authorization']),
      [undefined, undefined],
    );
  });

  test('tunnels uploads and downloads', async t => {
    const { server } = await secured(t);
    const storagePort = Number(new URL(server.storageUrl).port);
    const proxy = await startProxy(t, { to: storagePort });
    const api = clientOf(t, server.apiUrl, { network: () => settings({ proxy: proxy.url }) });
    const [target] = await api.uploadUrls([{ type: 'image', extension: 'png' }]);
    assert.ok(target);
    const file = path.join(await folder(t), 'anna.png');
    await writeFile(file, 'x'.repeat(3_000_000));
    const url = new URL(target.url);
    url.hostname = 'storage.magic-hour.test';
    await api.put(url.href, { path: file, bytes: 3_000_000 });
    assert.equal(server.control.uploads()[0]?.length, 3_000_000);
    assert.deepEqual(proxy.asked, [`storage.magic-hour.test:${storagePort}`]);
  });

  test('gets the credentials of http.proxyAuthorization', async t => {
    const { port, named } = await secured(t);
    const proxy = await startProxy(t, { to: port, authorization: 'Bearer token' });
    const network = () => settings({ proxy: proxy.url, proxyAuthorization: 'Bearer token' });
    assert.ok(await clientOf(t, named, { network }).account());
  });

  test('can be set by HTTPS_PROXY', async t => {
    const { port, named } = await secured(t);
    const proxy = await startProxy(t, { to: port });
    const network = () => settings({ environment: { ...environment, HTTPS_PROXY: proxy.url } });
    assert.ok(await clientOf(t, named, { network }).account());
    assert.equal(proxy.asked.length, 1);
  });

  test('can use TLS with a private certificate authority', async t => {
    const { port, named } = await secured(t);
    const tls = { key: await fixture('key.pem'), cert: await fixture('cert.pem') };
    const proxy = await startProxy(t, { to: port, tls });
    const network = () => settings({ proxy: `https://localhost:${proxy.port}` });
    assert.ok(await clientOf(t, named, { network }).account());
  });

  for (const [what, options, key, transient] of [
    ['that requires credentials', { authorization }, 'api.proxy.login', false],
    ['that blocks the host', { status: 403 }, 'api.proxy.refused', false],
    ["that can't reach the host", { status: 502 }, 'api.proxy.refused', true],
    ['that never responds', { status: 0 }, 'api.network.timeout', true],
  ] as const) {
    test(what, async t => {
      const { server, port, named } = await secured(t);
      const proxy = await startProxy(t, { to: port, ...options });
      const network = () => settings({ proxy: proxy.url });
      const api = clientOf(t, named, { network, limits: { ...tight(5000), connect: 300 } });
      const error = await failureOf(api.create('/v1/ai-headshot-generator', {}));
      assert.deepEqual(
        [error.text.key, error.details.transient, error.details.mayHaveBeenCreated],
        [key, transient, false],
      );
      assert.equal(server.control.requests.length, 0);
    });
  }

  test("that isn't running causes a transient error", async t => {
    const { named } = await secured(t);
    const network = () => settings({ proxy: 'http://127.0.0.1:1' });
    const error = await failureOf(clientOf(t, named, { network }).create('/v1/ai-headshot-generator', {}));
    assert.deepEqual(
      [error.text.key, error.details.transient, error.details.mayHaveBeenCreated],
      ['api.proxy.failed', true, false],
    );
    assert.equal(error.suggestedAction, 'openSettings');
  });

  test('must have a valid URL', async t => {
    const error = await failureOf(
      clientOf(t, 'https://api.magic-hour.test', {
        network: () => settings({ proxy: 'gopher://x' }),
      }).account(),
    );
    assert.deepEqual([error.text.key, error.suggestedAction], ['api.proxy.invalid', 'openSettings']);
  });
});

suite('connections', () => {
  test('are reused', async t => {
    const ports = new Set<number | undefined>();
    const server = await origin(t, (request, response) => {
      ports.add(request.socket.remotePort);
      answering(200, '{"id":"a","tier":"pro","credits":7}')(request, response);
    });
    const api = clientOf(t, server.url);
    for (let i = 0; i < 5; i++) await api.account();
    // undici may open a second connection before it notices that the first one is free again.
    assert.ok(ports.size <= 2, `${ports.size} connections`);
    assert.equal(server.seen.length, 5);
  });

  test('are limited, even with many calls', async t => {
    const ports = new Set<number | undefined>();
    const server = await origin(t, (request, response) => {
      ports.add(request.socket.remotePort);
      setImmediate(() => answering(200, '{"id":"a","tier":"pro","credits":7}')(request, response));
    });
    const api = clientOf(t, server.url);
    await Promise.all(Array.from({ length: 100 }, () => api.account()));
    assert.equal(server.seen.length, 100);
    assert.ok(ports.size <= 8, `${ports.size} connections`);
  });

  test('change with the settings at the next request, and let requests in progress finish', async t => {
    const { server, port, named } = await secured(t);
    const proxy = await startProxy(t, { to: port });
    let now = settings({ proxy: proxy.url });
    const api = clientOf(t, named, { network: () => now });
    server.control.fault({ operation: 'account', action: { kind: 'hold' } });
    const running = api.account();
    await server.control.held('account');
    now = settings({ proxy: 'http://127.0.0.1:1' });
    assert.equal((await failureOf(api.account())).text.key, 'api.proxy.failed');
    server.control.release('account');
    assert.ok(await running);
  });

  test('stay the same as long as the settings do', async t => {
    const url = new URL('https://api.magichour.ai');
    const connections = createConnections(() => ({ ...settings(), environment: { ...environment } }), 1000, {
      warn: () => {},
    });
    t.after(() => connections.close());
    const first = await connections.to(url);
    assert.equal((await connections.to(url)).dispatcher, first.dispatcher);
    assert.notEqual((await connections.to(url, true)).dispatcher, first.dispatcher);
  });

  test('close with the client, but not before the requests on them have ended', async t => {
    const { server, api } = await connectToFakeApi(t);
    server.control.fault({ operation: 'create', action: { kind: 'hold' } });
    const running = api.create('/v1/ai-headshot-generator', {
      assets: { image_file_path: 'https://a.example/a.png' },
    });
    await server.control.held('create');
    const closed = api.dispose();
    server.control.release('create');
    assert.ok((await running).id);
    await closed;
  });
});
