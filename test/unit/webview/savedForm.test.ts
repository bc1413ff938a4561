import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { savedFormSchema } from '../../../src/shared/pageRequest.ts';
import type { SavedForm } from '../../../src/shared/protocol.ts';
import { readSavedForm } from '../../../src/webview/savedForm.ts';

const saved: SavedForm = {
  draft: {
    tool: 'headshot',
    rows: [{ id: 'r', inputs: { image: { kind: 'file', uri: 'file:///anna.png' } }, start: '', end: '' }],
    values: { name: 'Anna' },
  },
  unsent: true,
  jobs: [],
};

test('a saved form is read back as it was saved', () => {
  assert.equal(readSavedForm(saved), saved);
});

test('the host gets a result in the library back from the page', () => {
  const library = { url: 'https://magichour.ai/my-library?imageId=cm1', stamp: '1-2-3' };
  const image = { kind: 'file', uri: 'file:///anna.png', library } as const;
  const rows = saved.draft.rows.map(row => ({ ...row, inputs: { image } }));
  const form = { ...saved, draft: { ...saved.draft, rows } };
  assert.deepEqual(v.parse(savedFormSchema, form), form);
});

test('a state that another version saved is ignored', () => {
  const { draft } = saved;
  const [row] = draft.rows;
  for (const state of [
    undefined,
    null,
    'text',
    {},
    { ...saved, jobs: undefined },
    { ...saved, draft: { ...draft, tool: 1 } },
    { ...saved, draft: { ...draft, values: { name: 1 } } },
    { ...saved, draft: { ...draft, rows: {} } },
    { ...saved, draft: { ...draft, rows: [null] } },
    { ...saved, draft: { ...draft, rows: [{ ...row, start: 0 }] } },
    { ...saved, draft: { ...draft, rows: [{ ...row, inputs: { image: { kind: 'data' } } }] } },
  ])
    assert.equal(readSavedForm(state), undefined, JSON.stringify(state));
});
