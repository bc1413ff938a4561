import type { StringKey } from '../shared/strings/index.ts';

/** The kinds of media a tool takes. `video` is an upload type of the API too, but no tool here uses it yet. */
export type AssetKind = 'image' | 'audio';

/** What the API makes: decides between `/v1/image-projects` and `/v1/video-projects`. */
export type ProjectKind = 'image' | 'video';

/** Values of a tool's fields as sent: parsed, valid, empty ones left out. */
export type FieldValues = Readonly<Record<string, string | number>>;

/** One file that a tool uses. */
export interface ToolInput {
  readonly id: string;
  /** Left out of the request when nothing was chosen. Absent: the tool needs this file. */
  readonly optional?: true;
  /** Its place in the request body; `assets.<id>_file_path` by default. */
  readonly wire?: readonly string[];
  readonly accepts: AssetKind;
  readonly label: StringKey;
  readonly hint: StringKey;
}

interface FieldBase {
  readonly id: string;
  readonly label: StringKey;
  readonly hint?: StringKey;
  /** Where the value stands in the request body, such as `['style', 'prompt']`. */
  readonly wire: readonly string[];
  /** A field that is not offered is neither shown nor sent. Absent: always offered. */
  readonly offered?: (values: FieldValues) => boolean;
}

export interface TextField extends FieldBase {
  readonly type: 'text' | 'multiline';
}

export interface ChoiceField extends FieldBase {
  readonly type: 'choice';
  readonly choices: readonly { readonly value: string; readonly label: StringKey }[];
  readonly default: string;
}

export interface NumberField extends FieldBase {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
  /** Number of decimals that are sent. */
  readonly decimals: number;
  readonly default?: number;
  /** Values offered for quick choice; any other between min and max is fine too. */
  readonly suggestions?: readonly number[];
}

export type Field = TextField | ChoiceField | NumberField;

/** A tool with a clip uses a part of one of its audio inputs, sent as `start_seconds` and `end_seconds`. */
export interface ClipRule {
  readonly input: string;
  /** Longest clip in seconds for these values. The server has the last word. */
  readonly limitSeconds: (values: FieldValues) => number;
}

/** What a job costs, in credits. */
export interface Price {
  readonly credits: number;
  /** false: `credits` is an estimate and the server settles the sum when the job is complete. */
  readonly exact: boolean;
}

/** One thing that Magic Hour can make. Form, price, runner, menus and agent tools follow from it. */
export interface Tool {
  readonly id: string;
  readonly title: StringKey;
  readonly submit: StringKey;
  readonly submitMany: StringKey;
  /** The VS Code command that opens the form. Its manifest rows are written by hand. */
  readonly command: string;
  /** Path of the create call. */
  readonly path: `/v1/${string}`;
  readonly project: ProjectKind;
  readonly inputs: readonly ToolInput[];
  readonly fields: readonly Field[];
  readonly clip?: ClipRule;
  /** Stands behind the input's stem in the result's file name: `anna-headshot.png`. */
  readonly resultSuffix: string;
  /** Median time from create to complete as published, in seconds; the start of the polling schedule. */
  readonly medianSeconds: number;
  readonly price: (values: FieldValues, clipSeconds: number) => Price;
}

export const requiredInputs = (tool: Tool): readonly ToolInput[] =>
  tool.inputs.filter(input => !input.optional);
