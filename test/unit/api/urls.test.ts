import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ApiError } from '../../../src/api/errors.ts';
import { validateApiUrl, validateStorageUrl } from '../../../src/api/urls.ts';
import { HumanError } from '../../../src/shared/message.ts';

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
  const from = (storage: string, api: string) => validateStorageUrl(storage, 'upload', new URL(api)).href;
  const isUnsafe = (error: unknown): boolean =>
    error instanceof ApiError && error.text.key === 'api.storage.unsafe' && !error.details.transient;

  for (const host of [
    'videos.magichour.ai',
    'bucket.s3.amazonaws.com:8443',
    '8.8.8.8',
    '172.32.0.1',
    '[2606:4700::1]',
  ])
    test(`can name the public host ${host}`, () => {
      const url = `https://${host}/a.png?sig=1`;
      assert.equal(from(url, 'https://api.magichour.ai'), url);
    });

  for (const host of [
    'localhost',
    'localhost.',
    'app.localhost',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.0.1',
    '192.168.0.1',
    '0xC0A80001',
    '3232235521',
    '[::1]',
    '[::]',
    '[::ffff:10.0.0.1]',
    '[fc00::1]',
    '[fd00::1]',
    '[fe80::1]',
    'intranet',
    'printer.local',
    'metadata.google.internal',
    'router.home.arpa',
  ])
    test(`of a public API can't name ${host}`, () =>
      assert.throws(() => from(`https://${host}/a.png`, 'https://api.magichour.ai'), isUnsafe));

  test('of a private API can name a private host', () => {
    assert.equal(from('https://10.0.0.2/a.png', 'https://10.0.0.1/api'), 'https://10.0.0.2/a.png');
    assert.equal(from('https://10.0.0.5/a.png', 'https://magic-hour.internal'), 'https://10.0.0.5/a.png');
  });

  test('can use http only if both the API and the storage are on this machine', () => {
    assert.equal(from('http://127.0.0.1:2/a.png', 'http://localhost:1'), 'http://127.0.0.1:2/a.png');
    for (const api of ['https://10.0.0.1/api', 'https://magic-hour.internal', 'https://api.magichour.ai'])
      assert.throws(() => from('http://10.0.0.2/a.png', api), isUnsafe);
  });
});
