import { maxNameBytes, safeFileName } from './fileName.ts';

/** The variables of `magicHour.outputName`. `${id}` is filled in once the project exists. */
export interface OutputVariables {
  /** The name of the first input, without its extension. */
  readonly stem: string;
  /** The tool that was used, such as `headshot` or `talking-photo`. */
  readonly tool: string;
  /** The local date, such as `2026-11-20`. */
  readonly date: string;
  /** The name the user entered, or an empty string. */
  readonly name: string;
}

export const defaultOutputName = '${stem}-${tool}';

const maxBytes = maxNameBytes - '-1234.jpeg'.length;

/** The name of a result, without the extension. It may still contain `${id}`. */
export function outputStem(pattern: string, variables: OutputVariables): string {
  const filled = (pattern.trim() || defaultOutputName).replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? variables[name as keyof OutputVariables] : name === 'id' ? whole : '',
  );
  // If the name was cut off within `${id}`, remove the rest of it, because it would never be filled in.
  const safe = safeFileName(filled, maxBytes).replace(/\$(?:\{(?:i|id)?)?$/, '');
  return safe === '' ? outputStem(defaultOutputName, variables) : safe;
}

/** The first words of a text, for a result that has no input file to be named after. */
export function stemFromText(text: string): string {
  const words = text.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  let stem = '';
  for (const word of words) {
    if (stem.length + word.length > 40) break;
    stem += stem === '' ? word : `-${word}`;
  }
  return stem || words[0]?.slice(0, 40) || '';
}

export function localDate(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
