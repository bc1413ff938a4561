import {
  effectiveValue,
  facts,
  valueAt,
  type FieldFact,
  type OperationFact,
  type ProjectKind,
  type Table,
} from './facts.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** The credits charged when the project is created, and the credits that remain charged once it's complete. */
export interface Price {
  readonly estimate: number;
  readonly settled: number;
}

/** Longest clip of a talking photo per generation mode, in seconds. */
export interface ClipLimits {
  realistic: number;
  prompted: number;
}

/** A tool's ID in facts.json. */
export type ToolId = string;
export type CreateOperation = `create${string}`;

/** A tool of the API, with its create operation. */
export interface Tool {
  readonly id: ToolId;
  /** Name of the create operation in faults and records. */
  readonly operation: CreateOperation;
  readonly path: string;
  readonly kind: ProjectKind;
  readonly facts: OperationFact;
  readonly body: ObjectShape;
  /** The default render time in milliseconds. */
  readonly renderMs: number;
}

/** The fields that the fake API reads from a create request after its shape has been checked. */
export interface CreateBody {
  name?: string;
  image_count?: number;
  output_format?: string;
  start_seconds?: number;
  end_seconds?: number;
}

/** All tools in facts.json. */
export const TOOLS: readonly Tool[] = Object.entries(facts.operations).map(([path, operation]) => ({
  id: operation.id,
  operation: `create${operation.id.charAt(0).toUpperCase()}${operation.id.slice(1)}`,
  path,
  kind: operation.project,
  facts: operation,
  body: bodyShape(operation),
  renderMs: operation.project === 'image' ? 300 : 1000,
}));

export const DOCUMENTED_CLIP_LIMITS = facts.operations['/v1/ai-talking-photo']?.clip
  ?.longest as Readonly<ClipLimits>;

/**
 * The limits of a clip in seconds. For talking photos, `longest` is set by the test. Otherwise, it is the documented
 * limit.
 */
export function clipLimits({ facts: operation }: Tool, body: unknown, configured: ClipLimits) {
  const { clip } = operation;
  const limit = (table?: Table) => lookUp(table, clip?.by ?? [], operation, body);
  const documented = limit(clip?.longest) ?? Infinity;
  const mode = effectiveValue(operation, body, 'style.generation_mode');
  return {
    shortest: limit(clip?.shortest) ?? 0,
    documented,
    longest: configured[mode as keyof ClipLimits] ?? documented,
  };
}

const lengthOf = ({ start_seconds = 0, end_seconds = 0 }: CreateBody): number => end_seconds - start_seconds;

/** Frames per second of every source video, as in sample.mp4. */
export const SOURCE_FRAME_RATE = 25;

/**
 * Videos are estimated at 30 frames per second when they're created, and charged for the frames that are actually
 * rendered. If only the price of the lowest resolution is published, each higher resolution doubles the price here, so
 * that no test relies on the lower bound.
 */
export function priceOf({ facts: operation }: Tool, body: CreateBody): Price {
  const rate = rateOf(operation, body) ?? UNPUBLISHED_RATE;
  const seconds = lengthOf(body);
  const both = (credits: number): Price => ({ estimate: credits, settled: credits });
  switch (operation.price.unit) {
    case 'job':
      return both(rate);
    case 'image':
      return both(rate * (body.image_count ?? 1) * 2 ** resolutionStep(operation, body));
    case 'second':
      return both(roundUp(rate * seconds));
    case 'character':
      return both(roundUp(rate * String(valueAt(body, 'style.prompt')).length));
    case 'startedSecond':
      return both(rate * roundUp(seconds));
    case 'frame': {
      const { frameRate, frameRateLimit = '' } = operation.price;
      const rendered =
        frameRate === 'source' ? SOURCE_FRAME_RATE : Number((frameRate && valueAt(body, frameRate)) ?? 24);
      const limit = Number(valueAt(body, frameRateLimit) ?? Infinity);
      const at = (framesPerSecond: number): number =>
        roundUp(rate * roundUp(seconds * Math.min(framesPerSecond, limit)));
      return { estimate: at(30), settled: at(rendered) };
    }
  }
}

const UNPUBLISHED_RATE = 1000;

/** The credits per unit. Returns undefined if they are not published. */
export const rateOf = (operation: OperationFact, body: unknown): number | undefined =>
  lookUp(operation.price.credits, operation.price.by, operation, body);

/** Looks up the number for the values in a body. Returns undefined if the table has no such entry. */
function lookUp(
  table: Table | undefined,
  by: readonly string[],
  operation: OperationFact,
  body: unknown,
): number | undefined {
  const found = by.reduce<Table | undefined>(
    (rest, path) => (typeof rest === 'object' ? rest[String(effectiveValue(operation, body, path))] : rest),
    table,
  );
  return typeof found === 'number' ? found : undefined;
}

/** The number of steps above the model's lowest resolution. */
function resolutionStep(operation: OperationFact, body: unknown): number {
  const resolutions = operation.models?.[String(valueAt(body, 'model'))]?.allowed['resolution'] ?? [];
  return Math.max(0, resolutions.indexOf(String(valueAt(body, 'resolution'))));
}

/** Rounds up, but ignores floating-point errors: the difference of two decimals may be just above an integer. */
function roundUp(value: number): number {
  return Math.ceil(Number(value.toFixed(6)));
}

/** Builds the nested shape that the flat list of fields describes. */
function bodyShape({ fields }: OperationFact): ObjectShape {
  const shape = shapeAt(fields, '', { type: 'object' });
  return shape as ObjectShape;
}

function shapeAt(fields: OperationFact['fields'], path: string, fact: FieldFact): Shape {
  if (fact.type === 'array') {
    const { minItems, maxItems } = fact;
    const items = shapeAt(fields, `${path}[]`, fields[`${path}[]`] ?? { type: 'object' });
    return { type: 'array', items, ...(minItems && { minItems }), ...(maxItems && { maxItems }) };
  }
  if (fact.type === 'object') {
    const inner = path && `${path}.`;
    const names = Object.keys(fields)
      .filter(each => each.startsWith(inner))
      .map(each => each.slice(inner.length))
      .filter(name => !/[.[]/.test(name));
    const at = (name: string): FieldFact => fields[inner + name] ?? { type: 'object' };
    return {
      type: 'object',
      required: names.filter(name => at(name).required),
      properties: Object.fromEntries(names.map(name => [name, shapeAt(fields, inner + name, at(name))])),
    };
  }
  if (fact.type === 'boolean') return { type: 'boolean' };
  if (fact.type === 'string') {
    const { minLength, maxLength, enum: values, pattern, file, nullable } = fact;
    return {
      type: 'string',
      ...(minLength && { minLength }),
      ...(maxLength && { maxLength }),
      ...(values && { enum: values.map(String) }),
      ...(pattern && { pattern: new RegExp(pattern) }),
      ...(file && { file }),
      ...(nullable && { nullable }),
    };
  }
  const { type, minimum, maximum, multipleOf, enum: values } = fact;
  return {
    type,
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(multipleOf !== undefined && { multipleOf }),
    ...(values && { enum: values.map(Number) }),
  };
}

/** The body of `POST /v1/files/upload-urls`. */
export const UPLOAD_URLS_BODY: ObjectShape = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'extension'],
        properties: {
          type: { type: 'string', enum: ['video', 'audio', 'image'] },
          extension: { type: 'string', pattern: /^[a-z0-9]+$/ },
        },
      },
    },
  },
};
