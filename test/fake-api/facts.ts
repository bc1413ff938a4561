import { readFileSync } from 'node:fs';

/** The kinds of file the API stores. */
export type AssetType = 'video' | 'audio' | 'image';
/** What an operation creates. */
export type ProjectKind = 'image' | 'video' | 'audio';
export type Value = string | number | boolean;

/** A rule applies if these fields have one of these values. Keys are paths. */
export type Condition = Readonly<Record<string, readonly Value[]>>;

/** One field of a request body. Its key is its path: `style.prompt`, `assets.image_file_paths[]`. */
export interface FieldFact {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly required?: true;
  readonly nullable?: true;
  readonly default?: Value;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  /** The field refers to a file of this type. */
  readonly file?: AssetType | 'any';
  /** The field only applies if other fields have these values. */
  readonly when?: Condition;
  /** The field is required if the condition `when` is met. */
  readonly requiredThen?: true;
  /** Values that require certain values of other fields. */
  readonly needs?: Readonly<Record<string, Condition>>;
  /** Values that need a paid plan. */
  readonly paid?: readonly Value[];
  readonly deprecated?: true;
  readonly deprecatedValues?: readonly string[];
}

/** A number, or a table whose keys are a field's values. Tables are nested once for each field in `by`. */
export type Table = number | { readonly [value: string]: Table };

export interface PriceFact {
  /** Characters are counted in `style.prompt`. */
  readonly unit: 'job' | 'image' | 'second' | 'startedSecond' | 'frame' | 'character';
  readonly by: readonly string[];
  /** If a combination is missing, its price is not published. */
  readonly credits: Table;
  /**
   * For per-frame prices, the field that sets the frame rate, or `source` if the source video sets it. If omitted, the
   * frame rate is 24.
   */
  readonly frameRate?: string;
  /** The field that limits the frame rate. */
  readonly frameRateLimit?: string;
  /** Whether the price is published only for the lowest resolution. */
  readonly from?: true;
}

/** The values that a `model` allows. If a field is absent, the model adds no restrictions to it. */
export interface ModelFact {
  readonly allowed: Readonly<Record<string, readonly Value[]>>;
  readonly maxItems?: Readonly<Record<string, number>>;
  readonly paid?: true;
  /** False if the model doesn't support an end image. Otherwise, the resolutions and lengths that support one. */
  readonly endImage?: false | { readonly resolution?: readonly string[]; readonly longest?: number };
}

export interface OperationFact {
  /** Our name for the operation. */
  readonly id: string;
  readonly title: string;
  readonly project: ProjectKind;
  /** `type` of the project that a GET returns. */
  readonly type: string;
  /** The published median run time. Absent if it isn't published. */
  readonly medianSeconds?: number;
  readonly defaultName: string;
  readonly price: PriceFact;
  /** Limits of `end_seconds - start_seconds`. */
  readonly clip?: {
    readonly by?: readonly string[];
    readonly longest: Table;
    readonly shortest?: Table;
  };
  /** Groups of fields. At least one group must be complete. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Maps earlier names of values to the current ones, for the price and the limits. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly models?: Readonly<Record<string, ModelFact>>;
  readonly fields: Readonly<Record<string, FieldFact>>;
}

interface Facts {
  readonly extensions: Readonly<Record<AssetType, readonly string[]>>;
  readonly jobErrors: readonly string[];
  /** The operations, by path. */
  readonly operations: Readonly<Record<string, OperationFact>>;
}

/**
 * The facts that the vendor publishes about its API, independent of the extension. The fake API follows them, and the
 * extension's tools are checked against them.
 */
export const facts = JSON.parse(readFileSync(new URL('facts.json', import.meta.url), 'utf8')) as Facts;

/** The value at a path such as `style.mode`. */
export function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}

/** The value of a field as the server sees it: its default if it was omitted, with earlier names resolved. */
export function effectiveValue(operation: OperationFact, body: unknown, path: string): unknown {
  const value = valueAt(body, path) ?? operation.fields[path]?.default;
  return (typeof value === 'string' && operation.aliases?.[value]) || value;
}
