import { type AssetLookup, type Draft, type DraftRow, readValues } from '../shared/draft.ts';
import { sourceKey } from '../shared/protocol.ts';
import { formatSeconds, parseSeconds } from '../shared/seconds.ts';
import type { Tool } from '../tools/tool.ts';

/** What was filled in for a row, by the row's id: once per recording, so that emptied fields stay empty. */
export type Prefilled = ReadonlyMap<
  string,
  { readonly source: string; readonly start: string; readonly end: string }
>;

/**
 * Fills Start and End once a recording's length is known: from 0 to its end or the mode's limit.
 * Only fields that are empty or still hold what was filled in for the recording before are touched.
 */
export function prefillClips(
  tool: Tool,
  draft: Draft,
  lookup: AssetLookup,
  before: Prefilled,
): { readonly draft: Draft; readonly prefilled: Prefilled } {
  const rule = tool.clip;
  if (!rule) return { draft, prefilled: before };
  const limit = rule.limitSeconds(readValues(tool, draft.values));
  const prefilled = new Map(before);
  const rows = draft.rows.map(row => {
    const source = row.inputs[rule.input];
    if (!source) return row;
    const last = before.get(row.id);
    const key = sourceKey(source);
    if (last?.source === key) return row;
    const seconds = lookup(source)?.info?.seconds;
    const known = seconds !== undefined;
    if (!known && source.kind === 'file') return row;
    const untouched =
      (row.start === '' && row.end === '') || (row.start === last?.start && row.end === last.end);
    const start = untouched ? '0' : row.start;
    const end = untouched ? (known ? formatSeconds(Math.min(seconds, limit)) : '') : row.end;
    prefilled.set(row.id, { source: key, start, end });
    return untouched ? { ...row, start, end } : row;
  });
  return rows.every((row, index) => row === draft.rows[index])
    ? { draft, prefilled }
    : { draft: { ...draft, rows }, prefilled };
}

/** The row with a clip that fits the recording and the mode: its start stays if it can. */
export function shortenClip(row: DraftRow, limit: number, seconds: number | undefined): DraftRow {
  const length = seconds ?? Number.POSITIVE_INFINITY;
  const asked = parseSeconds(row.start) ?? 0;
  const start = asked < length ? asked : 0;
  const end = Math.min(parseSeconds(row.end) ?? length, start + limit, length);
  return {
    ...row,
    start: formatSeconds(start),
    end: formatSeconds(end > start ? end : Math.min(start + limit, length)),
  };
}
