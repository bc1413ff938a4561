import { checkDraft, readValues, type Draft, type DraftProblem } from '../../shared/draft.ts';
import type { JobRequest } from '../../jobs/job.ts';
import { isOffered, type Tool } from '../../tools/tool.ts';
import { nameOf } from '../assetName.ts';
import { destinationOf, resultStem, type Destination } from '../destination.ts';
import { settings } from '../settings.ts';
import { pickFolder } from '../jobActions.ts';
import { sourcesOf } from './draftRows.ts';
import type { InputFacts } from './inputFacts.ts';

export type Submission =
  | { readonly problems: readonly DraftProblem[] }
  | { readonly requests: readonly JobRequest[]; readonly rows: readonly string[] };

export interface SubmissionOptions {
  readonly isOwnCopy?: (uri: string) => boolean;
  readonly plan?: string | undefined;
  /** The price that the user agreed to. */
  readonly shownCredits?: number;
}

/** Rereads all inputs that will be used, checks the draft, and converts it to requests. */
export async function prepareSubmission(
  tool: Tool,
  draft: Draft,
  facts: InputFacts,
  { isOwnCopy, plan, shownCredits = Number.POSITIVE_INFINITY }: SubmissionOptions = {},
): Promise<Submission> {
  const typed = readValues(tool, draft.values);
  const offered = tool.inputs.filter(input => isOffered(input, typed));
  const inputs = sourcesOf(draft, offered);
  const shown = inputs.map(({ source }) => facts.lookup(source)?.info);
  await facts.renew(inputs);
  const changed = inputs.flatMap(({ row, control, source }, index) => {
    const was = shown[index];
    const now = facts.lookup(source)?.info;
    return was && now && (was.bytes !== now.bytes || was.modified !== now.modified)
      ? [{ row, control, message: { key: 'editor.inputChanged', args: { name: nameOf(source) } } } as const]
      : [];
  });
  const { problems, rows, values, price } = checkDraft(tool, draft, facts.lookup, plan);
  if (problems.length > 0 || changed.length > 0) return { problems: [...problems, ...changed] };
  // The price may depend on a file that was still being read when the price was shown.
  if (price.credits > shownCredits) {
    const message = { key: 'form.priceNow', args: { price: price.credits, before: shownCredits } } as const;
    return { problems: [{ control: 'submit', message }] };
  }

  const destinations = new Map<string, Destination>();
  let chosen: string | undefined;
  for (const row of rows) {
    let destination = destinationOf(tool, row.inputs, { values, ...(isOwnCopy && { isOwnCopy }) });
    if (!destination) {
      chosen ??= (await pickFolder())?.toString();
      if (!chosen) return { problems: [{ control: 'submit', message: { key: 'editor.noFolder' } }] };
      destination = { folder: chosen, stem: resultStem(tool, row.inputs, values) };
    }
    destinations.set(row.id, destination);
  }
  const requests = rows.flatMap(row => {
    const destination = destinations.get(row.id);
    if (!destination) return [];
    return {
      tool: tool.id,
      row: row.id,
      inputs: row.inputs,
      seen: seenOf(row.inputs, facts),
      values,
      ...(row.clip && { clip: row.clip }),
      trim: settings.uploadOnlyClip.value,
      estimate: row.price,
      ...destination,
    };
  });
  return { requests, rows: rows.map(row => row.id) };
}

export function seenOf(inputs: JobRequest['inputs'], facts: InputFacts): NonNullable<JobRequest['seen']> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([id, source]) => {
      const info = facts.lookup(source)?.info;
      return info ? [[id, { bytes: info.bytes, modified: info.modified }]] : [];
    }),
  );
}
