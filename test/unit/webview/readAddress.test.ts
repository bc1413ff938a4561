import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAddress } from '../../../src/webview/readAddress.ts';

test('a URL must be https', () => {
  assert.equal(readAddress(' https://x.example/a b.png '), 'https://x.example/a%20b.png');
  for (const wrong of ['http://x.example/a.png', 'x.example/a.png', 'https://', 'file:///a.png', ''])
    assert.equal(readAddress(wrong), undefined, wrong);
});
