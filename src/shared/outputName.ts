/** Variables of `magicHour.outputName`. `${id}` is filled in once the project exists. */
export interface OutputVariables {
  /** Name of the first input, without the extension. */
  readonly stem: string;
  /** What was created: `headshot`, `talking-photo`. */
  readonly tool: string;
  /** `2026-11-20`, local time. */
  readonly date: string;
  /** The name that was entered, or an empty string. */
  readonly name: string;
}

export const defaultOutputName = '${stem}-${tool}';

/** File systems allow names of 255 bytes. The rest is for `-2`, the extension, and the names of partial downloads. */
const longest = 180;
/** Reserved for `${id}`. The API's IDs have about 25 characters. */
const longestId = 40;
/** Names that Windows reserves for devices, with any extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/** The name of a result without the extension: valid on every file system, never empty, with `${id}` not yet filled in. */
export function outputStem(pattern: string, variables: OutputVariables): string {
  const filled = (pattern.trim() || defaultOutputName).replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? variables[name as keyof OutputVariables] : name === 'id' ? whole : '',
  );
  const safe = shorten(trim(filled.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_'))).replace(devices, '_$&');
  return safe === '' ? outputStem(defaultOutputName, variables) : safe;
}

/** Windows drops trailing dots and spaces. A leading dot hides a file, and a leading dash looks like an option. */
const trim = (name: string): string => name.replace(/^[. -]+/, '').replace(/[. ]+$/, '');

/** Cuts between characters, but never inside `${id}`. */
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

/** Length of one character in UTF-8. `TextEncoder` isn't part of the language. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

export function localDate(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
