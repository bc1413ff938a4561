import type { Draft } from '../shared/draft.ts';

/**
 * The draft after the host changed it (a file was chosen, a command was run again) while `local` has typing that the
 * host has not seen: inputs and rows are the host's, what is typed is the page's.
 */
export function mergeDraft(local: Draft, pushed: Draft): Draft {
  if (local.tool !== pushed.tool) return pushed;
  const typed = new Map(local.rows.map(row => [row.id, row]));
  return {
    ...pushed,
    values: local.values,
    rows: pushed.rows.map(row => {
      const mine = typed.get(row.id);
      return mine ? { ...row, start: mine.start, end: mine.end } : row;
    }),
  };
}
