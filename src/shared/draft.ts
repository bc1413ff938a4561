import type { Clip } from '../tools/request.ts';
import {
  earliestEnd,
  isOffered,
  secondsOf,
  type ChoiceField,
  type Field,
  type FieldValues,
  type Price,
  type Tool,
} from '../tools/tool.ts';
import type { AssetInfo, AssetSource } from './asset.ts';
import type { Draft, DraftRow } from './draftSchema.ts';
import type { Message } from './message.ts';
import { parseSeconds } from './seconds.ts';

export type { Draft, DraftRow };

const maxRows = 1_000;
/** Applies to fields that Magic Hour doesn't limit. */
const maxTextLength = 20_000;

/** A problem with a control: an input's or field's ID, `start`, `end`, or `submit`. */
export interface DraftProblem {
  readonly row?: string;
  readonly control: string;
  readonly message: Message;
}

/** The values of one row, ready to become a `JobRequest`. */
export interface CheckedRow {
  readonly id: string;
  readonly inputs: Readonly<Record<string, AssetSource>>;
  readonly clip?: Clip;
  readonly price: Price;
}

export interface CheckedDraft {
  readonly problems: readonly DraftProblem[];
  readonly values: FieldValues;
  /** All rows, including those with problems. */
  readonly rows: readonly CheckedRow[];
  readonly price: Price;
}

/** Looks up an input: its information, or why it can't be used. Returns neither if that isn't known yet. */
export type AssetLookup = (
  source: AssetSource,
) => { readonly info?: AssetInfo; readonly problem?: Message } | undefined;

/** The only validation of a draft. The page runs it on every change, and the host runs it again on submit. */
export function checkDraft(tool: Tool, draft: Draft, lookup: AssetLookup, plan?: string): CheckedDraft {
  const problems: DraftProblem[] = [];
  const values = readValues(tool, draft.values, problems);
  if (plan === 'free') problems.push(...beyondFreePlan(tool, values));
  const rows = draft.rows.map(row => checkRow(tool, row, values, lookup, problems));
  if (rows.length === 0)
    problems.push({ control: tool.inputs[0]?.id ?? '', message: { key: 'form.inputMissing' } });
  if (rows.length > maxRows)
    problems.push({
      control: 'submit',
      message: { key: 'form.tooManyRows', args: { count: rows.length, limit: maxRows } },
    });
  return { problems, values, rows, price: sum(rows.map(row => row.price)) };
}

/**
 * Converts typed text to values and fills in defaults: text is trimmed, numbers are parsed, and fields that aren't
 * offered are omitted. A choice that isn't available with the other choices is replaced by the nearest available one.
 * The draft keeps the original choice, so that it's used again once it's available.
 */
export function readValues(
  tool: Tool,
  typed: Readonly<Record<string, string>>,
  problems: DraftProblem[] = [],
): FieldValues {
  const values: Record<string, string | number> = {};
  for (const field of tool.fields) {
    if (field.type === 'choice') values[field.id] = typed[field.id] || field.default;
    if (field.type === 'number' && field.default !== undefined) values[field.id] = field.default;
  }
  for (const field of tool.fields) {
    if (!isOffered(field, values)) {
      delete values[field.id];
      continue;
    }
    const value = readValue(field, (typed[field.id] ?? '').trim(), values);
    if (typeof value === 'object') {
      delete values[field.id];
      problems.push({ control: field.id, message: value });
    } else if (value !== undefined) values[field.id] = value;
  }
  return values;
}

function readValue(field: Field, typed: string, values: FieldValues): string | number | Message | undefined {
  switch (field.type) {
    case 'text':
    case 'multiline': {
      if (typed === '') return field.required && { key: 'form.textMissing' };
      const limit = field.maxLength ?? maxTextLength;
      if (typed.length > limit) return { key: 'form.textTooLong', args: { length: typed.length, limit } };
      return typed;
    }
    case 'choice':
      return readChoice(field, typed || field.default, values);
    case 'number': {
      if (typed === '') return undefined;
      // In a whole number, a comma or period would be a thousands separator: `1,000` must not become 1.
      if (field.decimals === 0 && /^-?\d+[.,]\d+$/.test(typed)) return { key: 'form.numberWhole' };
      const number = Number(typed.replace(',', '.'));
      if (!Number.isFinite(number) || number < field.min || number > field.max)
        return { key: 'form.numberOutside', args: { min: field.min, max: field.max } };
      const scale = 10 ** field.decimals;
      if (Math.abs(Math.round(number * scale) - number * scale) > 1e-6)
        return field.decimals === 0
          ? { key: 'form.numberWhole' }
          : { key: 'form.numberDecimals', args: { count: field.decimals } };
      const steps = (number - field.min) / (field.step ?? 10 ** -field.decimals);
      if (Math.abs(Math.round(steps) - steps) > 1e-6)
        return { key: 'form.numberStep', args: { step: field.step ?? 1 } };
      return Math.round(number * scale) / scale;
    }
  }
}

function readChoice({ choices }: ChoiceField, wanted: string, values: FieldValues): string | Message {
  const at = choices.findIndex(({ value }) => value === wanted);
  if (at < 0) return { key: 'form.choiceUnknown', args: { value: wanted } };
  const nearest = choices
    .filter(choice => isOffered(choice, values))
    .toSorted((a, b) => Math.abs(choices.indexOf(a) - at) - Math.abs(choices.indexOf(b) - at))[0];
  return nearest?.value ?? { key: 'form.choiceUnknown', args: { value: wanted } };
}

/** Options that need a paid plan are shown on the free plan, but never sent. */
function beyondFreePlan(tool: Tool, values: FieldValues): DraftProblem[] {
  return tool.fields.flatMap<DraftProblem>(field => {
    const chosen = field.type === 'choice' && field.choices.find(({ value }) => value === values[field.id]);
    return chosen && chosen.paid ? [{ control: field.id, message: { key: 'form.needsPaidPlan' } }] : [];
  });
}

const missing = {
  image: 'form.imageMissing',
  audio: 'form.audioMissing',
  video: 'form.videoMissing',
} as const;

function checkRow(
  tool: Tool,
  row: DraftRow,
  values: FieldValues,
  lookup: AssetLookup,
  problems: DraftProblem[],
): CheckedRow {
  const report = (control: string, message: Message) => problems.push({ row: row.id, control, message });
  const offered = tool.inputs.filter(input => isOffered(input, values));
  for (const input of offered) {
    const source = row.inputs[input.id];
    if (!source) {
      if (input.optional) continue;
      report(input.id, { key: missing[input.accepts] });
      continue;
    }
    const problem = lookup(source)?.problem;
    if (problem) report(input.id, problem);
  }
  const clip = tool.clip && checkClip(tool, row, values, lookup, report);
  const recording = tool.clip && row.inputs[tool.clip.input];
  const inputs = Object.fromEntries(
    Object.entries(row.inputs).filter(([id]) => offered.some(input => input.id === id)),
  );
  return {
    id: row.id,
    inputs,
    ...(clip && { clip }),
    price: tool.price(values, secondsOf(tool, values, clip), recording && lookup(recording)?.info?.frameRate),
  };
}

function checkClip(
  tool: Tool,
  row: DraftRow,
  values: FieldValues,
  lookup: AssetLookup,
  report: (control: string, message: Message) => void,
): Clip | undefined {
  const rule = tool.clip;
  const source = rule && row.inputs[rule.input];
  const start = parseSeconds(row.start);
  const end = parseSeconds(row.end);
  if (start === undefined) report('start', { key: 'form.secondsUnreadable' });
  if (end === undefined) report('end', { key: source ? 'form.secondsUnreadable' : 'form.endMissing' });
  if (!rule || start === undefined || end === undefined) return undefined;
  const length = source && lookup(source)?.info?.seconds;
  const limit = rule.limitSeconds(values);
  // Half of 0.01 s. Lengths are rounded to two decimals for display, and the displayed length must be accepted.
  const slack = 0.005;
  if (start >= end) report('end', { key: 'form.endBeforeStart' });
  else if (length !== undefined && start >= length)
    report('start', { key: 'form.startBeyondAudio', args: { seconds: round(length) } });
  else if (length !== undefined && end > length + slack)
    report('end', { key: 'form.endBeyondAudio', args: { seconds: round(length) } });
  else if (end < earliestEnd) report('end', { key: 'form.endTooEarly', args: { seconds: earliestEnd } });
  else if (end - start < (rule.minSeconds ?? 0) - 1e-6)
    report('end', { key: 'form.clipTooShort', args: { seconds: rule.minSeconds ?? 0 } });
  else if (end - start > limit + 1e-6)
    report('end', { key: 'form.clipTooLong', args: { seconds: round(end - start), limit } });
  return { start, end };
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

export function sum(prices: readonly Price[]): Price {
  return {
    credits: prices.reduce((total, price) => total + price.credits, 0),
    exact: prices.every(price => price.exact),
    ...(prices.some(price => price.from) && { from: true }),
  };
}
