import type { AssetSource } from '../../shared/asset.ts';
import type { Job } from '../../jobs/job.ts';
import type { Draft, DraftRow } from '../../shared/draft.ts';
import { isOfKind } from '../../shared/formats.ts';
import { pairByStem } from '../../shared/pairs.ts';
import { findTool } from '../../tools/index.ts';
import { requiredInputs, type AssetKind, type Tool, type ToolInput } from '../../tools/tool.ts';
import { nameOf } from '../assetName.ts';

/** The draft rows for a selection, each of which becomes a job, and the selected files that can't be used. */
export interface Rows {
  readonly rows: readonly Readonly<Record<string, AssetSource>>[];
  readonly skipped: readonly AssetSource[];
}

/**
 * Creates a row for each image, or for each image and audio file with the same name. A single audio file is paired with
 * every image, and a single image with every audio file. If the tool needs two files of the same kind, two such files
 * form a pair. The user can add missing files in the form.
 */
export function rowsOf(tool: Tool, sources: readonly AssetSource[]): Rows {
  const ofKind = (kind: AssetKind) => sources.filter(source => isOfKind(nameOf(source), kind));
  const [first, second] = requiredInputs(tool);
  if (!first) return { rows: [], skipped: sources };
  const firstSources = ofKind(first.accepts);
  // A WebM file can be of both kinds.
  const secondSources = second ? ofKind(second.accepts).filter(source => !firstSources.includes(source)) : [];
  const skipped = sources.filter(source => !firstSources.includes(source) && !secondSources.includes(source));
  if (!second) return { rows: firstSources.map(source => ({ [first.id]: source })), skipped };
  const [one, two, ...more] = firstSources;
  if (second.accepts === first.accepts && one && two && more.length === 0)
    return { rows: [{ [first.id]: one, [second.id]: two }], skipped };
  const named = (source: AssetSource) => ({ name: nameOf(source), source });
  const pairs = pairByStem(firstSources.map(named), secondSources.map(named));
  return {
    rows: pairs.map(({ image, sound }) => ({
      ...(image && { [first.id]: image.source }),
      ...(sound && { [second.id]: sound.source }),
    })),
    skipped,
  };
}

export function newRow(inputs: Readonly<Record<string, AssetSource>> = {}): DraftRow {
  return { id: crypto.randomUUID(), inputs: { ...inputs }, start: '', end: '' };
}

/** Creates a draft with these rows, or with one empty row if there are none. */
export function newDraft(tool: Tool, rows: Rows['rows'], values: Readonly<Record<string, string>>): Draft {
  return {
    tool: tool.id,
    rows: rows.length > 0 ? rows.map(inputs => newRow(inputs)) : [newRow()],
    values: { ...values },
  };
}

/** A file or URL in a draft. */
export interface DraftSource {
  readonly row: string;
  /** The ID of its input. */
  readonly control: string;
  readonly kind: AssetKind;
  readonly source: AssetSource;
}

/** Returns what these inputs contain, row by row. */
export const sourcesOf = ({ rows }: Draft, inputs: readonly ToolInput[]): DraftSource[] =>
  rows.flatMap(row =>
    inputs.flatMap(({ id, accepts }) => {
      const source = row.inputs[id];
      return source ? [{ row: row.id, control: id, kind: accepts, source }] : [];
    }),
  );

/**
 * Puts the first source into an input of `row`. The others go into the following rows where that input is empty, and
 * then into new rows. If no row matches, starts at the first row. Replacing the clipped file resets the clip.
 */
export function addSources(draft: Draft, row: string, input: string, sources: readonly AssetSource[]): Draft {
  const rows = [...draft.rows];
  const waiting = [...sources];
  const hasClip = findTool(draft.tool)?.clip?.input === input;
  const fill = (index: number) => {
    const target = rows[index];
    const source = waiting.shift();
    if (!target || !source) return;
    const inputs = { ...target.inputs, [input]: source };
    rows[index] = { ...target, inputs, ...(hasClip && { start: '', end: '' }) };
  };
  const at = rows.findIndex(({ id }) => id === row);
  if (at >= 0) fill(at);
  for (let index = at + 1; index < rows.length && waiting.length > 0; index++) {
    if (!rows[index]?.inputs[input]) fill(index);
  }
  for (const source of waiting) rows.push(newRow({ [input]: source }));
  return { ...draft, rows };
}

/** Finds the job that was last submitted from each row. `jobs` must be sorted from newest to oldest. */
export function jobsOfRows(
  rows: Draft['rows'],
  jobs: readonly Pick<Job, 'id' | 'request'>[],
): { readonly id: string; readonly row: string }[] {
  return rows.flatMap(row => {
    const job = jobs.find(({ request }) => request.row === row.id);
    return job ? [{ id: job.id, row: row.id }] : [];
  });
}
