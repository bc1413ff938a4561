import type { Draft, DraftRow } from '../shared/draft.ts';

let lastRow = 0;
/** Creates an empty row. Its ID also differs from those of rows created before a reload. */
export const newRow = (): DraftRow => ({
  id: `row-${Date.now().toString(36)}-${++lastRow}`,
  inputs: {},
  start: '',
  end: '',
});

/** Makes sure that the draft has a row to fill in. */
export const withRow = (draft: Draft): Draft =>
  draft.rows.length > 0 ? draft : { ...draft, rows: [newRow()] };
