import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUrl } from '../../../src/webview/readUrl.ts';

test('a URL must be https', () => {
  assert.equal(readUrl(' https://x.example/a b.png '), 'https://x.example/a%20b.png');
  for (const wrong of ['http://x.example/a.png', 'x.example/a.png', 'https://', 'file:///a.png', ''])
    assert.equal(readUrl(wrong), undefined, wrong);
});
