import type { SavedForm } from '../shared/protocol.ts';

/** Returns the form that an earlier page saved, or undefined if there is none or its format differs. */
export function readSavedForm(state: unknown): SavedForm | undefined {
  if (!isObject(state) || !isObject(state['draft']) || !Array.isArray(state['jobs'])) return undefined;
  const { tool, rows, values } = state['draft'];
  const isDraft =
    typeof tool === 'string' &&
    isObject(values) &&
    Object.values(values).every(isText) &&
    Array.isArray(rows) &&
    rows.every(
      row =>
        isObject(row) &&
        [row['id'], row['start'], row['end']].every(isText) &&
        isObject(row['inputs']) &&
        Object.values(row['inputs']).every(isSource),
    );
  return isDraft ? (state as unknown as SavedForm) : undefined;
}

const isText = (value: unknown) => typeof value === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSource = (value: unknown) =>
  isObject(value) &&
  ((value['kind'] === 'file' && isText(value['uri'])) || (value['kind'] === 'url' && isText(value['url'])));
