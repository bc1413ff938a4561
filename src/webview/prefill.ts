import { type AssetLookup, type Draft, type DraftRow, readValues } from '../shared/draft.ts';
import { sourceKey } from '../shared/protocol.ts';
import { formatSeconds, parseSeconds } from '../shared/seconds.ts';
import type { Tool } from '../tools/tool.ts';

/** The values last filled in, by row ID. Each file fills in its row only once, so that cleared fields stay empty. */
export type Prefilled = ReadonlyMap<
  string,
  { readonly source: string; readonly start: string; readonly end: string }
>;

/**
 * Fills in Start and End once the length of a file is known: from 0 to the end of the file or to the mode's limit.
 * Only changes fields that are empty or still hold the values filled in for the previous file. If the user typed one of
 * the times, only the first file fills in the other one.
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
    const isUntouched =
      (row.start === '' && row.end === '') || (row.start === last?.start && row.end === last.end);
    if (!isUntouched && last) {
      prefilled.set(row.id, { ...last, source: key });
      return row;
    }
    const start = isUntouched || row.start === '' ? '0' : row.start;
    const longest = (parseSeconds(start) ?? 0) + limit;
    const fittingEnd = known ? formatSeconds(Math.min(seconds, longest)) : '';
    const end = isUntouched || row.end === '' ? fittingEnd : row.end;
    prefilled.set(row.id, isUntouched ? { source: key, start, end } : { source: key, start: '', end: '' });
    return start === row.start && end === row.end ? row : { ...row, start, end };
  });
  return rows.every((row, index) => row === draft.rows[index])
    ? { draft, prefilled }
    : { draft: { ...draft, rows }, prefilled };
}

/** Shortens a row's clip to fit the file and the mode. Keeps the start if possible. */
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
