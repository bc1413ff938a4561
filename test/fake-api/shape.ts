import type { AssetType } from './formats.ts';

/**
 * The subset of JSON Schema that request bodies need. An unknown field is an error, because it is either a typo or
 * something that the API doesn't support. `file` marks a string that refers to a file of that type.
 */
export type Shape =
  | {
      readonly type: 'string';
      minLength?: number;
      maxLength?: number;
      enum?: readonly string[];
      pattern?: RegExp;
      nullable?: true;
      file?: AssetType | 'any';
    }
  | {
      readonly type: 'number' | 'integer';
      minimum?: number;
      maximum?: number;
      multipleOf?: number;
      enum?: readonly number[];
    }
  | { readonly type: 'boolean' }
  | { readonly type: 'array'; minItems?: number; maxItems?: number; items: Shape }
  | ObjectShape;

export interface ObjectShape {
  readonly type: 'object';
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, Shape>>;
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A mistake in a body. `field` is a path such as `items[0].extension`. It is empty for the body itself. */
export interface ShapeFault {
  readonly kind: 'invalid-body' | 'unknown-field';
  readonly field: string;
  readonly message: string;
}

/** A string in the body that refers to a file. */
export interface FileField {
  readonly field: string;
  readonly type: AssetType | 'any';
  readonly value: string;
}

/** Returns all mistakes in `value`, outermost first. */
export function shapeFaults(shape: Shape, value: unknown, field = ''): ShapeFault[] {
  const invalid = (message: string): ShapeFault[] => [
    { kind: 'invalid-body', field, message: `${field || 'body'} ${message}` },
  ];
  switch (shape.type) {
    case 'string': {
      if (value === null && shape.nullable) return [];
      if (typeof value !== 'string') return invalid('must be a string');
      if (shape.minLength !== undefined && value.length < shape.minLength)
        return invalid('must not be empty');
      if (shape.maxLength !== undefined && value.length > shape.maxLength)
        return invalid(`must have at most ${shape.maxLength} characters`);
      if (shape.enum && !shape.enum.includes(value))
        return invalid(`must be one of ${shape.enum.join(', ')}`);
      if (shape.pattern && !shape.pattern.test(value)) return invalid(`must match ${shape.pattern.source}`);
      return [];
    }
    case 'number':
    case 'integer': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return invalid('must be a number');
      if (shape.type === 'integer' && !Number.isInteger(value)) return invalid('must be an integer');
      if (shape.minimum !== undefined && value < shape.minimum)
        return invalid(`must be at least ${shape.minimum}`);
      if (shape.maximum !== undefined && value > shape.maximum)
        return invalid(`must be at most ${shape.maximum}`);
      if (shape.multipleOf !== undefined && !isMultiple(value, shape.multipleOf)) {
        return invalid(`must be a multiple of ${shape.multipleOf}`);
      }
      if (shape.enum && !shape.enum.includes(value))
        return invalid(`must be one of ${shape.enum.join(', ')}`);
      return [];
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : invalid('must be true or false');
    case 'array': {
      if (!Array.isArray(value)) return invalid('must be an array');
      if (shape.minItems !== undefined && value.length < shape.minItems) return invalid('has too few items');
      if (shape.maxItems !== undefined && value.length > shape.maxItems) return invalid('has too many items');
      return value.flatMap((item, index) => shapeFaults(shape.items, item, `${field}[${index}]`));
    }
    case 'object': {
      if (!isObject(value)) return invalid('must be an object');
      const path = (name: string): string => (field ? `${field}.${name}` : name);
      const missing = (shape.required ?? [])
        .filter(name => value[name] === undefined)
        .map<ShapeFault>(name => ({
          kind: 'invalid-body',
          field: path(name),
          message: `${path(name)} is required`,
        }));
      const present = Object.entries(value).flatMap<ShapeFault>(([name, inner]) => {
        const property = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
        if (property) return shapeFaults(property, inner, path(name));
        return [{ kind: 'unknown-field', field: path(name), message: `${path(name)} is not a known field` }];
      });
      return [...missing, ...present];
    }
  }
}

/** The file references in a valid body. */
export function fileFields(shape: Shape, value: unknown, field = ''): FileField[] {
  if (shape.type === 'string') {
    return shape.file && typeof value === 'string' ? [{ field, type: shape.file, value }] : [];
  }
  if (shape.type === 'array') {
    return Array.isArray(value)
      ? value.flatMap((item, index) => fileFields(shape.items, item, `${field}[${index}]`))
      : [];
  }
  if (shape.type !== 'object' || !isObject(value)) return [];
  return Object.entries(shape.properties).flatMap(([name, inner]) =>
    fileFields(inner, value[name], field ? `${field}.${name}` : name),
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tolerates floating-point errors: 0.07 / 0.01 is 7.000000000000001. */
function isMultiple(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}
