// Lists missing and unused strings for each translation, and exits with 1 if there are any. With `--write`, removes
// unused strings, adds missing ones with an empty translation, and sorts all of them like the English strings instead.
// Tests fail until the empty ones are translated. Usage: `npm run l10n -- [--write] [LANGUAGE…]`
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { strings } from '../src/shared/strings/index.ts';

const root = join(import.meta.dirname, '..');
const known = ['de', 'es', 'fr', 'ja', 'pt-br', 'zh-cn'];

/** @param {string} path @returns {Record<string, string>} */
const read = path => JSON.parse(readFileSync(join(root, path), 'utf8'));

// `vscode.l10n` looks up translations by the English string, but the manifest uses keys.
const files = [
  { needed: [...new Set(Object.values(strings))], path: language => `l10n/bundle.l10n.${language}.json` },
  { needed: Object.keys(read('package.nls.json')), path: language => `package.nls.${language}.json` },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' } },
});
const unknown = positionals.filter(language => !known.includes(language));
if (unknown.length > 0) {
  console.error(`Unknown language: ${unknown.join(', ')}. Languages: ${known.join(', ')}.`);
  process.exit(2);
}

for (const language of positionals.length > 0 ? positionals : known) {
  for (const { needed, path } of files) update(path(language), needed);
}

/** @param {string} path @param {string[]} needed */
function update(path, needed) {
  const texts = existsSync(join(root, path)) ? read(path) : {};
  const missing = needed.filter(key => !texts[key]);
  const unused = Object.keys(texts).filter(key => !needed.includes(key));
  console.log(`${path}: ${missing.length} missing, ${unused.length} unused`);
  for (const key of missing) console.log(`  missing ${JSON.stringify(key)}`);
  for (const key of unused) console.log(`  unused  ${JSON.stringify(key)}`);
  if (!values.write) {
    if (missing.length + unused.length > 0) process.exitCode = 1;
    return;
  }
  const sorted = Object.fromEntries(needed.map(key => [key, texts[key] ?? '']));
  writeFileSync(join(root, path), `${JSON.stringify(sorted, undefined, 2)}\n`);
}
