import { isOffered, type ChoiceField, type FieldValues, type Tool } from './tool.ts';

/** A part of an audio or video file, in seconds from its start. */
export interface Clip {
  readonly start: number;
  readonly end: number;
}

/**
 * Rounds to microseconds. This removes floating-point noise, but is precise enough that a clip that starts between two
 * milliseconds still starts at the same sample.
 */
export const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/**
 * Builds the body of the create request. `references` contains the file of each input: an `api-assets/…` file path or
 * an https URL. `clip` is relative to the uploaded file. Only values that are set are sent.
 */
export function createBody(
  tool: Tool,
  values: FieldValues,
  references: Readonly<Record<string, string>>,
  clip?: Clip,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { wire, value } of tool.constants ?? []) setAt(body, wire, value);
  for (const input of tool.inputs) {
    const { id, optional, listed, wire = ['assets', `${id}_file_path`] } = input;
    if (!isOffered(input, values)) continue;
    const reference = references[id];
    if (reference !== undefined) setAt(body, wire, listed ? [...listAt(body, wire), reference] : reference);
    else if (!optional) throw new Error(`Request of "${tool.id}" without its input "${id}"`);
  }
  if (tool.clip && clip) {
    body['start_seconds'] = toMicroseconds(clip.start);
    body['end_seconds'] = toMicroseconds(clip.end);
  }
  for (const field of tool.fields) {
    const value = values[field.id];
    if (value === undefined || value === '' || !isOffered(field, values)) continue;
    setAt(body, field.wire, field.type === 'choice' ? sentValue(field, value) : value);
  }
  return body;
}

function sentValue({ sentAs }: ChoiceField, value: string | number): string | number | boolean {
  if (sentAs === 'number') return Number(value);
  return sentAs === 'boolean' ? value === 'true' : value;
}

function setAt(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) body[head] = value;
  else setAt((body[head] ??= {}) as Record<string, unknown>, rest, value);
}

function listAt(body: Record<string, unknown>, path: readonly string[]): readonly unknown[] {
  const list = path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    body,
  );
  return Array.isArray(list) ? list : [];
}
