import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { strings } from '../../src/shared/strings/index.ts';
import { read, readJson, root } from './support/sources.ts';

type Texts = Readonly<Record<string, string>>;

/** Strings that are the same in English and in the given language. Strings without letters aren't listed. */
const sameWords: Readonly<Record<string, readonly string[]>> = {
  de: ['Audio', 'Karaoke', 'Name', 'Original', 'Prompt', 'Standard', 'Text', 'Video', 'Videos'],
  es: ['Audio', 'Karaoke', 'Original'],
  fr: ['Audio', 'Grimace', 'Image', 'Images', 'Mode', 'Prompt', 'Standard', 'Style'],
  ja: [],
  'pt-br': ['Prompt'],
  'zh-cn': [],
};
const languages = Object.keys(sameWords);

const englishTexts: Texts = Object.fromEntries(Object.values(strings).map(text => [text, text]));
const englishManifest = readJson('package.nls.json') as Texts;

/** The bundle of `vscode.l10n` uses the English strings as keys, and that of the manifest uses IDs. */
const files = [
  { english: englishTexts, path: (language: string) => `l10n/bundle.l10n.${language}.json` },
  { english: englishManifest, path: (language: string) => `package.nls.${language}.json` },
];

/**
 * Parts that must be the same in every language: `{placeholders}`, `${variables}`, code, URLs, settings, and product
 * names.
 */
function fixedParts(text: string): string[] {
  const fixed =
    /\$?\{\w+\}|`[^`]+`|\]\([^)]+\)|https?:\/\/[\w./:-]*\w|(?:magicHour|http)\.\w+|HTTPS_PROXY|Magic Hour|VS Code/g;
  return [...new Set(text.match(fixed))].toSorted();
}

const hasLetters = (text: string): boolean => /\p{Letter}/u.test(text.replace(/\{\w+\}/g, ''));

suite('translations', () => {
  test('exist for exactly these languages', () => {
    const known = files.flatMap(({ path }) => languages.map(path)).toSorted();
    const there = [
      ...readdirSync(join(root, 'l10n')).map(name => `l10n/${name}`),
      ...readdirSync(root).filter(
        name => /^package\.nls\..+\.json$/.test(name) && name !== 'package.nls.json',
      ),
    ];
    assert.deepEqual(there.toSorted(), known);
  });

  test('are found by VS Code', () => {
    const manifest = readJson('package.json') as { readonly l10n?: string };
    assert.equal(manifest.l10n, './l10n');
  });
});

for (const language of languages) {
  for (const { english, path } of files) {
    const file = path(language);
    suite(file, () => {
      const texts = readJson(file) as Texts;
      const pairs = Object.entries(english).map(([key, text]) => ({ text, translation: texts[key] ?? '' }));

      test('is formatted as the script writes it, without duplicate keys', () => {
        assert.equal(read(file), `${JSON.stringify(texts, undefined, 2)}\n`);
      });

      test('translates every string', () => {
        assert.deepEqual(
          Object.keys(english).filter(key => !texts[key]?.trim()),
          [],
          'npx node scripts/l10n.mjs --write adds what is missing; then fill it in',
        );
      });

      test("doesn't translate removed strings", () => {
        assert.deepEqual(
          Object.keys(texts).filter(key => !Object.hasOwn(english, key)),
          [],
          'npx node scripts/l10n.mjs --write removes them',
        );
      });

      test('leaves nothing in English', () => {
        const same = pairs.filter(({ text, translation }) => translation === text && hasLetters(text));
        assert.deepEqual(
          same.map(({ text }) => text).filter(text => !sameWords[language]?.includes(text)),
          [],
        );
      });

      test('keeps placeholders, code, links, settings, and product names', () => {
        for (const { text, translation } of pairs)
          assert.deepEqual(fixedParts(translation), fixedParts(text), translation);
      });

      test('has braces only around placeholders, and no stray spaces', () => {
        for (const { translation } of pairs) {
          assert.doesNotMatch(translation.replace(/\{\w+\}/g, ''), /[{}]/, translation);
          assert.doesNotMatch(translation, / {2}|^\s|\s$/, translation);
        }
      });

      test('ends labels in an ellipsis where English does', () => {
        const labels = pairs.filter(({ text }) => /^[^.…]+…?$/.test(text));
        assert.ok(labels.length > 0);
        for (const { text, translation } of labels)
          assert.equal(translation.endsWith('…'), text.endsWith('…'), translation);
      });
    });
  }

  test(`all exceptions for ${language} are needed`, () => {
    const same = new Set(
      files.flatMap(({ english, path }) => {
        const texts = readJson(path(language)) as Texts;
        return Object.entries(english).flatMap(([key, text]) => (texts[key] === text ? [text] : []));
      }),
    );
    assert.deepEqual(
      sameWords[language]?.filter(word => !same.has(word)),
      [],
    );
  });
}
