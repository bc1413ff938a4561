/** What can stand in `magicHour.outputName`. `${id}` is filled in when the project exists. */
export interface OutputVariables {
  /** Name of the first input without extension. */
  readonly stem: string;
  /** What was made: `headshot`, `talking-photo`. */
  readonly tool: string;
  /** `2026-11-20`, local time. */
  readonly date: string;
  /** What was typed as name; empty when nothing was. */
  readonly name: string;
}

export const defaultOutputName = '${stem}-${tool}';

/** File systems take 255 bytes for a name; the rest is for `-2`, `-3` …, the extension, and marks of unfinished files. */
const longest = 180;
/** What an id may come to have; the API's have about 25 characters. */
const longestId = 40;
/** Names that Windows gives to devices, whatever the extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/** The name of a result without extension: safe on every file system, never empty, `${id}` still in it. */
export function outputStem(pattern: string, variables: OutputVariables): string {
  const filled = (pattern.trim() || defaultOutputName).replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? variables[name as keyof OutputVariables] : name === 'id' ? whole : '',
  );
  const safe = shorten(trim(filled.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_'))).replace(devices, '_$&');
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

/** Windows drops dots and spaces at the end; in front, a dot hides a file and a dash makes it look like an option. */
const trim = (name: string): string => name.replace(/^[. -]+/, '').replace(/[. ]+$/, '');

/** Cuts between characters, and never through `${id}`. */
function shorten(name: string): string {
  let bytes = 0;
  let kept = '';
  for (const [part] of name.matchAll(/\$\{id\}|./gsu)) {
    bytes += part === '${id}' ? longestId : bytesOf(part);
    if (bytes > longest) return trim(kept);
    kept += part;
  }
  return kept;
}

/** Length of one character in UTF-8. `TextEncoder` is not part of the language. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

export function localDate(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
