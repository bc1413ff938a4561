import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bypassesProxy, type NetworkSettings, directSettings, proxyFor } from '../../../src/api/route.ts';

const url = new URL('https://api.magichour.ai');
const settings = (change: Partial<NetworkSettings>): NetworkSettings => ({
  ...directSettings,
  proxySupport: 'override',
  ...change,
});

suite('the proxy', () => {
  test('is used only if something names one', () => {
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
      // “%or” isn't an escape sequence, so it stays unchanged.
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
