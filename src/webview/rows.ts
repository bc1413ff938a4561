import type { Draft, DraftRow } from '../shared/draft.ts';

let lastRow = 0;
/** A row to fill in. Its id is unique also beside those that an earlier page made. */
export const newRow = (): DraftRow => ({
  id: `row-${Date.now().toString(36)}-${++lastRow}`,
  inputs: {},
  start: '',
  end: '',
});

/** There is always a row to fill in. */
export const withRow = (draft: Draft): Draft =>
  draft.rows.length > 0 ? draft : { ...draft, rows: [newRow()] };
