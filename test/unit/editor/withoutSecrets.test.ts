import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withoutSecrets } from '../../../src/editor/withoutSecrets.ts';

suite('withoutSecrets', () => {
  test('removes signatures from URLs and keeps their paths', () => {
    assert.equal(
      withoutSecrets('PUT "https://videos.magichour.ai/api-assets/id/1.png?auth-value=s3cret#s3cret" failed'),
      'PUT "https://videos.magichour.ai/api-assets/id/1.png" failed',
    );
  });

  test('removes credentials from URLs', () => {
    assert.equal(
      withoutSecrets('proxy http://ada:s3cret@proxy.example.com:8080/ refuses'),
      'proxy http://proxy.example.com:8080/ refuses',
    );
  });

  for (const secret of [
    'key mhk_live_s3cret-s3cret',
    'Authorization: Bearer s3cret',
    'proxy-authorization: basic czNjcmV0',
    '{"authorization":"Bearer s3cret"}',
    'HTTPS://EXAMPLE.COM/a?X-Amz-Signature=s3cret',
    'https://[broken?token=s3cret',
    'two https://a.example/?s3cret https://b.example/?s3cret',
  ]) {
    test(`removes “${secret}”`, () => assert.doesNotMatch(withoutSecrets(secret), /s3cret|czNjcmV0/));
  }

  test('keeps everything else', () => {
    const stack = 'Error: no\n    at look (file:///ext/dist/extension.js:1:2)\n    basics, bearers';
    assert.equal(withoutSecrets(stack), stack);
  });
});
