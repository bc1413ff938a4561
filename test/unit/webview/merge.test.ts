import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/shared/draft.ts';
import { mergeDraft } from '../../../src/webview/merge.ts';

const image = { kind: 'file' as const, uri: 'file:///anna.png' };
const draft = (change: Partial<Draft>): Draft => ({
  tool: 'talkingPhoto',
  rows: [],
  values: {},
  ...change,
});

test('rows and inputs come from the host, typed text from the page', () => {
  const local = draft({
    values: { name: 'typed' },
    rows: [{ id: 'a', inputs: {}, start: '1.5', end: '9' }],
  });
  const pushed = draft({
    values: { name: 'old' },
    rows: [
      { id: 'a', inputs: { image }, start: '0', end: '9' },
      { id: 'b', inputs: { image }, start: '', end: '' },
    ],
  });
  assert.deepEqual(
    mergeDraft(local, pushed),
    draft({
      values: { name: 'typed' },
      rows: [
        { id: 'a', inputs: { image }, start: '1.5', end: '9' },
        { id: 'b', inputs: { image }, start: '', end: '' },
      ],
    }),
  );
});

test('a draft for another tool replaces everything', () => {
  const pushed = draft({ tool: 'headshot' });
  assert.equal(mergeDraft(draft({ values: { name: 'typed' } }), pushed), pushed);
});
