import type { FieldValues, Tool } from './tool.ts';

/** A part of a recording, in seconds from its start. */
export interface Clip {
  readonly start: number;
  readonly end: number;
}

/**
 * Rounded to whole microseconds: no dust of floating point is sent, and the clip of a recording that was cut between
 * two whole milliseconds still lands on the same sample.
 */
export const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/**
 * The body of the create call. `references` has for each input what the API takes as a file: an `api-assets/…`
 * file path or an https URL. `clip` is relative to the file that was uploaded. Only values that are set are sent.
 */
export function createBody(
  tool: Tool,
  values: FieldValues,
  references: Readonly<Record<string, string>>,
  clip?: Clip,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { id, optional, wire = ['assets', `${id}_file_path`] } of tool.inputs) {
    const reference = references[id];
    if (reference !== undefined) setAt(body, wire, reference);
    else if (!optional) throw new Error(`Request of "${tool.id}" without its input "${id}"`);
  }
  if (tool.clip && clip) {
    body['start_seconds'] = toMicroseconds(clip.start);
    body['end_seconds'] = toMicroseconds(clip.end);
  }
  for (const field of tool.fields) {
    const value = values[field.id];
    if (value === undefined || value === '' || field.offered?.(values) === false) continue;
    setAt(body, field.wire, value);
  }
  return body;
}

function setAt(body: Record<string, unknown>, path: readonly string[], value: string | number): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) body[head] = value;
  else setAt((body[head] ??= {}) as Record<string, unknown>, rest, value);
}
