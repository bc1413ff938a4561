import type { StringKey } from '../shared/strings/index.ts';

/** The kinds of media that a tool accepts. */
export const assetKinds = ['image', 'audio', 'video'] as const;
export type AssetKind = (typeof assetKinds)[number];

/** What the API creates: determines whether `/v1/image-projects` or `/v1/video-projects` is used. */
export type ProjectKind = 'image' | 'video';

/** Values of a tool's fields: parsed and valid, without empty ones. A choice is the value of its option. */
export type FieldValues = Readonly<Record<string, string | number>>;

/** Whether it's available with these values. Absent: always. What isn't offered is neither shown nor sent. */
interface Offered {
  readonly offered?: (values: FieldValues) => boolean;
}

/** One file that a tool uses. */
export interface ToolInput extends Offered {
  readonly id: string;
  readonly accepts: AssetKind;
  /** Omitted from the request when nothing was chosen. Absent: the tool requires this file. */
  readonly optional?: true;
  /** Its place in the request body; `assets.<id>_file_path` by default. */
  readonly wire?: readonly string[];
  /** Sent as an item of the list at `wire`, in the order of the inputs. Define one input for each possible file. */
  readonly listed?: true;
  readonly label: StringKey;
  readonly hint: StringKey;
}

interface FieldBase extends Offered {
  readonly id: string;
  readonly label: StringKey;
  readonly hint?: StringKey;
  /** The value's place in the request body, such as `['style', 'prompt']`. */
  readonly wire: readonly string[];
}

export interface TextField extends FieldBase {
  readonly type: 'text' | 'multiline';
  readonly required?: true;
  /** Longest text in UTF-16 units. */
  readonly maxLength?: number;
}

export interface Choice extends Offered {
  readonly value: string;
  readonly label: StringKey;
  /** Needs a paid plan: shown and marked on the free one, never sent. */
  readonly paid?: true;
  /** Still works, but is no longer recommended. Shown separately from the others, and not available to agents. */
  readonly older?: true;
}

/**
 * A label that is the same in every language, such as `1080p` or the name of a model. Text that isn't in the string
 * table is shown as is.
 */
export const verbatim = (name: string): StringKey => name as StringKey;

/**
 * One of several values. If they have sizes, sort them by size: a value that becomes unavailable is replaced by the
 * nearest one.
 */
export interface ChoiceField extends FieldBase {
  readonly type: 'choice';
  readonly choices: readonly Choice[];
  readonly default: string;
  /**
   * The type of the value in the request, if it isn't text. A `boolean` has the choices `true` and `false`, and is
   * shown as a checkbox.
   */
  readonly sentAs?: 'number' | 'boolean';
}

/** The result's name in the library. Every operation has it. */
export const nameField: TextField = {
  id: 'name',
  type: 'text',
  label: 'field.name',
  hint: 'field.name.hint',
  wire: ['name'],
};

export const promptField = (
  hint: StringKey,
  more?: Pick<TextField, 'required' | 'maxLength' | 'offered'>,
): TextField => ({
  id: 'prompt',
  type: 'multiline',
  label: 'field.prompt',
  hint,
  wire: ['style', 'prompt'],
  ...more,
});

/** A choice between on and off. */
export const toggle = (
  field: Pick<ChoiceField, 'id' | 'label' | 'hint' | 'wire' | 'offered'>,
): ChoiceField => ({
  ...field,
  type: 'choice',
  sentAs: 'boolean',
  default: 'false',
  choices: [
    { value: 'false', label: 'field.off' },
    { value: 'true', label: 'field.on' },
  ],
});

export interface NumberField extends FieldBase {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
  /** Number of decimals that are sent. */
  readonly decimals: number;
  /** Only multiples of it are valid. A field with a step is shown as a slider. */
  readonly step?: number;
  readonly default?: number;
  /** Values offered as buttons. Any other value between min and max is also valid. */
  readonly suggestions?: readonly number[];
}

export type Field = TextField | ChoiceField | NumberField;

/** Every clip ends here or later, in seconds. */
export const earliestEnd = 0.1;

/** A tool with a clip uses a part of one of its inputs, sent as `start_seconds` and `end_seconds`. */
export interface ClipRule {
  readonly input: string;
  /** Longest clip in seconds for these values. The server may still reject it. */
  readonly limitSeconds: (values: FieldValues) => number;
  /** Shortest clip in seconds. */
  readonly minSeconds?: number;
}

/** What a job costs, in credits. */
export interface Price {
  readonly credits: number;
  /** false: `credits` is an estimate, and the server determines the actual price when the job is complete. */
  readonly exact: boolean;
  /** The vendor publishes only a minimum price. */
  readonly from?: true;
}

/** One thing that Magic Hour can create. The form, price, menus, and agent tools are derived from it. */
export interface Tool extends ToolTexts {
  /** The VS Code command that opens the form. */
  readonly command: string;
  /** A codicon. */
  readonly icon: string;
  /** Its place in the menu. */
  readonly group: 'portrait' | 'edit' | 'create';
  /** Path of the create request. */
  readonly path: `/v1/${string}`;
  readonly project: ProjectKind;
  readonly inputs: readonly ToolInput[];
  readonly fields: readonly Field[];
  readonly clip?: ClipRule;
  /** The field that sets the length of the result in seconds, for tools without a clip. */
  readonly duration?: string;
  /** Values that every request contains. */
  readonly constants?: readonly { readonly wire: readonly string[]; readonly value: string }[];
  /** The text field that the result is named after if there's no input file. */
  readonly namedAfter?: string;
  /** Follows the input's stem in the result's file name: `anna-headshot.png`. Unique among the tools. */
  readonly resultSuffix: string;
  /** The result shows the same image as the input, so a slider can compare the two. */
  readonly keepsImage?: true;
  /**
   * Median time from creation to completion in seconds, as published or else a guess; the start of the polling
   * schedule.
   */
  readonly medianSeconds: number;
  /** Choices that change the price and the run time. */
  readonly pricedBy?: readonly string[];
  /**
   * `values` includes all defaults. `seconds` is the length of the clip or of the result. `frameRate` is that of the video
   * that the clip is a part of, if known.
   */
  readonly price: (values: FieldValues, seconds: number, frameRate?: number) => Price;
}

type ToolId = StringKey extends infer Key ? (Key extends `${infer Id}.submitMany` ? Id : never) : never;

/** A tool's id and its texts, all of which begin with it. */
interface ToolTexts {
  readonly id: string;
  readonly title: StringKey;
  readonly commandTitle: StringKey;
  /** One sentence for lists of tools and for agents. */
  readonly summary: StringKey;
  readonly submit: StringKey;
  readonly submitMany: StringKey;
}

export const toolTexts = (id: ToolId): ToolTexts => ({
  id,
  title: `${id}.title`,
  commandTitle: `${id}.command`,
  summary: `${id}.summary`,
  submit: `${id}.submit`,
  submitMany: `${id}.submitMany`,
});

export const isOffered = ({ offered }: Offered, values: FieldValues): boolean => offered?.(values) !== false;

/** What the price is for: the length of the clip, or that of the result. */
export function secondsOf(tool: Tool, values: FieldValues, clip?: { start: number; end: number }): number {
  if (clip) return Math.max(0, clip.end - clip.start);
  return Number(tool.duration === undefined ? 0 : (values[tool.duration] ?? 0));
}

export const requiredInputs = (tool: Tool): readonly ToolInput[] =>
  tool.inputs.filter(input => !input.optional);
