import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bypassesProxy, type NetworkSettings, directSettings, proxyFor } from '../../../src/api/route.ts';
import { validateApiUrl, validateStorageUrl } from '../../../src/api/urls.ts';
import { ApiError } from '../../../src/api/errors.ts';
import { HumanError } from '../../../src/shared/message.ts';

const url = new URL('https://api.magichour.ai');
const settings = (change: Partial<NetworkSettings>): NetworkSettings => ({
  ...directSettings,
  proxySupport: 'override',
  ...change,
});

suite('the proxy', () => {
  test('is none unless something names one', () => {
    assert.equal(proxyFor(url, settings({})), undefined);
    assert.equal(proxyFor(url, settings({ proxy: '  ' })), undefined);
  });

  test('is http.proxy, then HTTPS_PROXY, HTTP_PROXY, ALL_PROXY; lower case first', () => {
    const environment: Record<string, string> = {};
    for (const [name, value] of [
      ['ALL_PROXY', 'all'],
      ['HTTP_PROXY', 'http'],
      ['HTTPS_PROXY', 'upper'],
      ['https_proxy', 'lower'],
    ] as const) {
      environment[name] = `http://${value}.example:3128`;
      assert.equal(proxyFor(url, settings({ environment }))?.uri, environment[name]);
    }
    const proxy = 'http://setting.example';
    assert.equal(proxyFor(url, settings({ environment, proxy }))?.uri, proxy);
    assert.equal(proxyFor(url, settings({ environment, proxy, proxySupport: 'off' })), undefined);
  });

  test('is never a SOCKS proxy of ALL_PROXY', () => {
    const environment = { ALL_PROXY: 'socks5://127.0.0.1:1080' };
    assert.equal(proxyFor(url, settings({ environment })), undefined);
  });

  test('is never used for this machine', () => {
    const named = settings({ proxy: 'http://proxy.example' });
    for (const local of ['http://localhost:1', 'https://127.0.0.1', 'http://[::1]:8', 'http://127.3.2.1']) {
      assert.equal(proxyFor(new URL(local), named), undefined, local);
    }
  });

  test('gets its credentials from http.proxyAuthorization or its URL', () => {
    const proxy = 'http://an%20na:p%40ss:w%ord@proxy.example:8080/path?query';
    assert.deepEqual(proxyFor(url, settings({ proxy })), {
      uri: 'http://proxy.example:8080',
      // “%or” isn't an escape, so it stays.
      authorization: `Basic ${Buffer.from('an na:p@ss:w%ord').toString('base64')}`,
    });
    const authorization = 'Negotiate abc';
    assert.deepEqual(proxyFor(url, settings({ proxy, proxyAuthorization: authorization })), {
      uri: 'http://proxy.example:8080',
      authorization,
    });
    assert.deepEqual(proxyFor(url, settings({ proxy: 'proxy.example:8080' })), {
      uri: 'http://proxy.example:8080',
      authorization: undefined,
    });
  });

  test('must have a valid URL', () => {
    for (const proxy of [
      'http://',
      'socks5://127.0.0.1:1080',
      'ftp://proxy.example',
      'http://exa mple',
      '://',
    ]) {
      assert.throws(() => proxyFor(url, settings({ proxy })), {
        name: 'HumanError',
        message: 'api.proxy.invalid',
      });
    }
  });

  test('has the exceptions of http.noProxy, else of NO_PROXY', () => {
    const proxy = 'http://proxy.example';
    const environment = { NO_PROXY: 'other.example, magichour.ai' };
    assert.equal(proxyFor(url, settings({ proxy, environment })), undefined);
    assert.ok(proxyFor(url, settings({ proxy, environment, noProxy: ['other.example'] })));
    assert.equal(proxyFor(url, settings({ proxy, noProxy: ['*.magichour.ai'] })), undefined);
  });
});

test('exceptions are hosts with their subdomains, ports, or all', () => {
  for (const [entry, address, expected] of [
    ['magichour.ai', 'https://api.magichour.ai', true],
    ['.magichour.ai', 'https://api.magichour.ai', true],
    ['*.magichour.ai', 'https://api.magichour.ai', true],
    ['API.MagicHour.ai.', 'https://api.magichour.ai', true],
    ['hour.ai', 'https://api.magichour.ai', false],
    ['api.magichour.ai:443', 'https://api.magichour.ai', true],
    ['api.magichour.ai:8443', 'https://api.magichour.ai', false],
    ['api.magichour.ai:8443', 'https://api.magichour.ai:8443', true],
    ['*', 'https://api.magichour.ai', true],
    ['*:80', 'https://api.magichour.ai', false],
    ['10.0.0.1', 'https://10.0.0.1', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['', 'https://api.magichour.ai', false],
    ['.', 'https://api.magichour.ai', false],
  ] as const) {
    assert.equal(bypassesProxy([entry], new URL(address)), expected, `${entry} for ${address}`);
  }
});

suite('the URL of the API', () => {
  for (const [text, base] of [
    ['https://api.magichour.ai', 'https://api.magichour.ai'],
    [' https://api.magichour.ai/ ', 'https://api.magichour.ai'],
    ['https://gateway.example:8443/magic//', 'https://gateway.example:8443/magic'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
  ] as const) {
    test(`${text} is valid`, () => assert.equal(validateApiUrl(text), base));
  }

  for (const [text, key] of [
    ['', 'api.url.invalid'],
    ['api.magichour.ai', 'api.url.invalid'],
    ['ftp://api.magichour.ai', 'api.url.invalid'],
    ['javascript:alert(1)', 'api.url.invalid'],
    ['http://api.magichour.ai', 'api.url.insecure'],
    ['http://127.0.0.1.evil.example', 'api.url.insecure'],
    ['http://localhost.evil.example', 'api.url.insecure'],
    ['https://user:word@api.magichour.ai', 'api.url.extras'],
    ['https://api.magichour.ai?x=1', 'api.url.extras'],
    ['https://api.magichour.ai#x', 'api.url.extras'],
  ] as const) {
    test(`“${text}” is invalid`, () => {
      assert.throws(
        () => validateApiUrl(text),
        error =>
          error instanceof HumanError && error.text.key === key && error.suggestedAction === 'openSettings',
      );
    });
  }
});

suite('a storage URL', () => {
  const from = (api: string, storage: string): string =>
    validateStorageUrl(storage, 'upload', new URL(api)).href;
  const isUnsafe = (error: unknown): boolean =>
    error instanceof ApiError && error.text.key === 'api.storage.unsafe' && !error.details.transient;

  for (const storage of [
    'https://videos.magichour.ai/a.png?sig=1',
    'https://8.8.8.8/a.png',
    'https://[2606:4700::1]/a',
  ])
    test(`${storage} is accepted`, () => assert.equal(from('https://api.magichour.ai', storage), storage));

  for (const host of [
    '10.1.2.3',
    '127.0.0.1',
    '0.0.0.0',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '0x7f.1',
    '2130706433',
    'localhost',
    'localhost.',
    'printer.local',
    'metadata.google.internal',
    '[::1]',
    '[::]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
  ])
    test(`a public API can't name ${host}`, () =>
      assert.throws(() => from('https://api.magichour.ai', `https://${host}/a.png`), isUnsafe));

  test('an API in a private network can name a host there, and one on this machine can use http', () => {
    assert.equal(from('https://10.0.0.1/api', 'https://10.0.0.2/a.png'), 'https://10.0.0.2/a.png');
    assert.equal(from('http://127.0.0.1:1', 'http://127.0.0.1:2/a.png'), 'http://127.0.0.1:2/a.png');
    assert.throws(() => from('https://10.0.0.1/api', 'http://10.0.0.2/a.png'), isUnsafe);
  });
});
