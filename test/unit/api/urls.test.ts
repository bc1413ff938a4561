import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../../src/api/errors.ts';
import { validateStorageUrl } from '../../../src/api/urls.ts';

const api = new URL('https://api.magichour.ai');
const accept = (url: string, from = api) => validateStorageUrl(url, 'download', from).href;
const reject = (url: string, from = api) =>
  assert.throws(
    () => validateStorageUrl(url, 'upload', from),
    (error: unknown) => error instanceof ApiError && error.text.key === 'api.storage.unsafe',
    url,
  );

test('accepts public https hosts', () => {
  for (const host of ['videos.magichour.ai', 'bucket.s3.amazonaws.com:8443', '172.32.0.1', '[2606:4700::1]'])
    assert.equal(accept(`https://${host}/a.png?k=1`), `https://${host}/a.png?k=1`);
});

test("the server can't point uploads or downloads at this machine or its private network", () => {
  for (const host of [
    'localhost',
    'localhost.',
    '127.0.0.1',
    '127.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '0xC0A80001',
    '3232235521',
    '[::1]',
    '[::]',
    '[::ffff:192.168.0.1]',
    '[fc00::1]',
    '[fe80::1]',
    'intranet',
    'printer.local',
    'metadata.google.internal',
    'router.home.arpa',
    'app.localhost',
  ])
    reject(`https://${host}/latest/`);
});

test('a private API can use private storage', () => {
  const own = new URL('https://magic-hour.internal');
  assert.equal(accept('https://10.0.0.5/a.png', own), 'https://10.0.0.5/a.png');
  assert.equal(accept('http://127.0.0.1:9/a', new URL('http://localhost:8')), 'http://127.0.0.1:9/a');
  reject('http://10.0.0.5/a.png', own);
});
