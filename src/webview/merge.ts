import type { Draft } from '../shared/draft.ts';

/**
 * Merges a draft that the host changed (because a file was chosen or a command was run again) with text that the host
 * hasn't received yet. Rows and inputs come from the host, and typed text comes from the page.
 */
export function mergeDraft(local: Draft, pushed: Draft): Draft {
  if (local.tool !== pushed.tool) return pushed;
  const typed = new Map(local.rows.map(row => [row.id, row]));
  return {
    ...pushed,
    values: local.values,
    rows: pushed.rows.map(row => {
      const typedRow = typed.get(row.id);
      return typedRow ? { ...row, start: typedRow.start, end: typedRow.end } : row;
    }),
  };
}
