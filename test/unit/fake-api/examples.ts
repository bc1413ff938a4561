import type { Tool } from '../../fake-api/catalogue.ts';
import type { FieldFact } from '../../fake-api/facts.ts';

const files = {
  image: 'https://example.com/a.png',
  audio: 'https://example.com/a.mp3',
  video: 'https://example.com/a.mp4',
  any: 'https://example.com/a.png',
};

/** The smallest valid body of a create request: the required fields, and the fields that those require in turn. */
export function exampleBody({ facts }: Tool): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const put = (path: string, value: unknown) => {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = body;
    for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
    at[last] = value;
  };
  for (const [path, fact] of Object.entries(facts.fields)) {
    if (path.includes('[]')) continue;
    const isFirst = Object.entries(fact.when ?? {}).every(
      ([other, values]) => values[0] === (facts.fields[other]?.default ?? facts.fields[other]?.enum?.[0]),
    );
    const isRequired = fact.required || (fact.requiredThen && isFirst) || facts.oneOf?.[0]?.includes(path);
    if (isRequired) put(path, exampleValue(path, fact));
  }
  return body;
}

function exampleValue(path: string, fact: FieldFact): unknown {
  if (fact.file) return files[fact.file];
  if (path === 'end_seconds') return 2;
  if (fact.type === 'object') return {};
  if (fact.type === 'boolean') return false;
  if (fact.type === 'string') return fact.enum?.[0] ?? 'words';
  return fact.enum?.[0] ?? fact.minimum ?? 1;
}
