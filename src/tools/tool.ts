import type { StringKey } from '../shared/strings/index.ts';

/** The kinds of media that a tool accepts. */
export const assetKinds = ['image', 'audio', 'video'] as const;
export type AssetKind = (typeof assetKinds)[number];

/**
 * The kind of project that the API creates. Determines whether `/v1/image-projects` or `/v1/video-projects` is used.
 */
export type ProjectKind = 'image' | 'video';

/**
 * The parsed and validated values of a tool's fields, without empty ones. The value of a choice field is that of its
 * selected choice.
 */
export type FieldValues = Readonly<Record<string, string | number>>;

/**
 * An item that may be offered only with certain values. Without `offered`, it always is. An item that isn't offered is
 * neither shown nor sent.
 */
interface Offered {
  readonly offered?: (values: FieldValues) => boolean;
}

/** One file that a tool uses. */
export interface ToolInput extends Offered {
  readonly id: string;
  readonly accepts: AssetKind;
  /** Set if the tool doesn't require this file. If none is chosen, the input is omitted from the request. */
  readonly optional?: true;
  /** The input's path in the request body. Defaults to `assets.<id>_file_path`. */
  readonly wire?: readonly string[];
  /**
   * Set if the file is sent as an item of the list at `wire`, in the order of the inputs. Define one input for each
   * possible file.
   */
  readonly listed?: true;
  readonly label: StringKey;
  readonly hint: StringKey;
}

interface FieldBase extends Offered {
  readonly id: string;
  readonly label: StringKey;
  readonly hint?: StringKey;
  /** The value's path in the request body, such as `['style', 'prompt']`. */
  readonly wire: readonly string[];
}

export interface TextField extends FieldBase {
  readonly type: 'text' | 'multiline';
  readonly required?: true;
  /** In UTF-16 code units. */
  readonly maxLength?: number;
}

export interface Choice extends Offered {
  readonly value: string;
  readonly label: StringKey;
  /** Needs a paid plan. On the free plan, the choice is shown and marked, but never sent. */
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
 * A choice of one of several values. Sort values that have a size by size, because a value that becomes unavailable is
 * replaced by the nearest one.
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

/** The result's name in the library. Every create request supports it. */
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
  /** The number of decimals that are sent. */
  readonly decimals: number;
  /** Only multiples of the step, counted from `min`, are valid. A field with a step is shown as a slider. */
  readonly step?: number;
  readonly default?: number;
  /** Values offered as buttons. Any other value between min and max is also valid. */
  readonly suggestions?: readonly number[];
}

export type Field = TextField | ChoiceField | NumberField;

/** The earliest possible end of a clip, in seconds. */
export const earliestEnd = 0.1;

/** The limits of a clip: the part of an input that the tool uses, sent as `start_seconds` and `end_seconds`. */
export interface ClipRule {
  readonly input: string;
  /** The longest clip in seconds for these values. The server may still reject such a clip. */
  readonly limitSeconds: (values: FieldValues) => number;
  /** The shortest clip in seconds. */
  readonly minSeconds?: number;
}

/** The price of a job, in credits. */
export interface Price {
  readonly credits: number;
  /** If false, `credits` is an estimate, and the server determines the actual price when the job is complete. */
  readonly exact: boolean;
  /** `credits` is only a lower bound. */
  readonly from?: true;
}

/** Something that Magic Hour can create. The form, price, menus, and agent tools are derived from this definition. */
export interface Tool extends ToolTexts {
  /** The VS Code command that opens the form. */
  readonly command: string;
  /** A codicon. */
  readonly icon: string;
  /** The tool's group in the menu. */
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
  /** Appended to the input's stem in the result's file name, such as `anna-headshot.png`. Unique among the tools. */
  readonly resultSuffix: string;
  /** The result shows the same image as the input, so a slider can compare the two. */
  readonly keepsImage?: true;
  /**
   * The median time from creation to completion in seconds: the published time, or else a guess. The polling schedule
   * starts with this value.
   */
  readonly medianSeconds: number;
  /** Choice fields that affect the price and the run time. */
  readonly pricedBy?: readonly string[];
  /**
   * `values` includes all defaults. `seconds` is the length of the clip or of the result. `frameRate` is the frame rate
   * of the clip's video, if known.
   */
  readonly price: (values: FieldValues, seconds: number, frameRate?: number) => Price;
}

type ToolId = StringKey extends infer Key ? (Key extends `${infer Id}.submitMany` ? Id : never) : never;

/** A tool's ID and its text keys, all of which begin with the ID. */
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

/** The length that the price depends on: that of the clip or of the result. */
export function secondsOf(tool: Tool, values: FieldValues, clip?: { start: number; end: number }): number {
  if (clip) return Math.max(0, clip.end - clip.start);
  return Number(tool.duration === undefined ? 0 : (values[tool.duration] ?? 0));
}

export const requiredInputs = (tool: Tool): readonly ToolInput[] =>
  tool.inputs.filter(input => !input.optional);
