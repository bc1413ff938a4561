/** Text that trips up parsers: extreme numbers, escapes, lone surrogates, inherited property names. */
const tokens = [
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '-0',
  '1.5',
  '9007199254740993',
  '""',
  '[]',
  '{}',
  '[[',
  '}',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\u202e',
  '\u0000',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '<html>',
  '[x](command:quit)',
  'javascript:alert(1)',
  'https://',
  'file:///etc/passwd',
  '\ud83d',
];
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  -0,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  ' ',
  'x'.repeat(5_000),
  '\ud800',
  '__proto__',
  '../..',
  'https://a.example/?k=1',
  'http://[',
  '1970-01-01T00:00:00Z',
  '+275760-09-14',
  [],
  {},
  [[]],
  [null],
  { url: 1 },
  { message: {} },
  { __proto__: null },
  undefined,
];

export type Random = () => number;

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;
const below = (limit: number, random: Random): number => Math.floor(random() * limit);

/** Returns the text with pieces removed, repeated, or inserted. */
export function mutateText(text: string, random: Random): string {
  let result = text;
  for (let left = 1 + below(4, random); left > 0; left--) {
    const at = below(result.length + 1, random);
    const length = below(random() < 0.8 ? 8 : result.length + 1, random);
    const kind = below(6, random);
    const middle =
      kind === 0
        ? ''
        : kind === 1
          ? result.slice(at, at + length).repeat(2)
          : kind === 2
            ? pick(tokens, random)
            : undefined;
    if (middle !== undefined)
      result = result.slice(0, at) + middle + result.slice(at + (kind === 2 ? 0 : length));
    else if (kind === 3) result = result.slice(0, at);
    else if (kind === 4)
      result = result.slice(0, at) + String.fromCharCode(below(65_536, random)) + result.slice(at + 1);
    else result = `${'['.repeat(length)}${result}`;
  }
  return result;
}

/** Returns a copy of the value with some members changed, removed, or renamed. */
export function mutateValue(value: unknown, random: Random, depth = 0): unknown {
  if (random() < (depth === 0 ? 0.02 : 0.12)) return strange(random, depth);
  if (Array.isArray(value)) {
    const items = value.map(each => mutateValue(each, random, depth + 1));
    if (random() < 0.1) items.splice(below(items.length + 1, random), 1, ...items, strange(random, depth));
    return items;
  }
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    if (random() < 0.05) return [];
    return [[random() < 0.03 ? pick(tokens, random) : name, mutateValue(each, random, depth + 1)]];
  });
  if (random() < 0.1) entries.push([pick(tokens, random), strange(random, depth)]);
  // As after JSON.parse, `__proto__` is an ordinary member.
  const result = {};
  for (const [name, each] of entries)
    Object.defineProperty(result, name, {
      value: each,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return result;
}

function strange(random: Random, depth: number): unknown {
  if (depth > 3 || random() < 0.7) return pick(values, random);
  if (random() < 0.5) return Array.from({ length: below(5, random) }, () => strange(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: below(5, random) }, () => [pick(tokens, random), strange(random, depth + 1)]),
  );
}
