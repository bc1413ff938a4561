import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jobActions } from '../../../src/shared/jobAction.ts';
import { phases } from '../../../src/shared/phase.ts';
import { actionStrings } from '../../../src/shared/strings/actions.ts';
import { apiStrings } from '../../../src/shared/strings/api.ts';
import { assetStrings } from '../../../src/shared/strings/assets.ts';
import { editorStrings } from '../../../src/shared/strings/editor.ts';
import { formStrings } from '../../../src/shared/strings/form.ts';
import { strings, type StringKey } from '../../../src/shared/strings/index.ts';
import { jobStrings } from '../../../src/shared/strings/jobs.ts';
import { toolStrings } from '../../../src/shared/strings/tools.ts';
import { tools } from '../../../src/tools/index.ts';
import { sources } from '../support/sources.ts';

const code = sources().filter(({ path }) => !path.startsWith('src/shared/strings/'));
const all = code.map(({ text }) => text).join('\n');

/** Prefixes of keys that are composed at run time. They count as used only if the code contains their template. */
const families = ['phase.', 'action.'].filter(prefix => all.includes(`\`${prefix}\${`));
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].toSorted();

/** The code names only the plural key, and `pluralKey` selects the singular. */
const pluralOf = (key: string): string => key.replace(/\.one$/, '');

suite('strings', () => {
  test('are used', () => {
    const ofTools = new Set(tools.flatMap(tool => Object.values(tool)));
    const unused = Object.keys(strings)
      .map(pluralOf)
      .filter(
        key =>
          !ofTools.has(key) && !all.includes(`'${key}'`) && !families.some(prefix => key.startsWith(prefix)),
      );
    assert.deepEqual(unused, []);
  });

  test('in the singular have a plural with the same placeholders', () => {
    for (const [key, text] of Object.entries<string>(strings)) {
      const plural = (strings as Record<string, string>)[pluralOf(key)];
      assert.deepEqual(placeholders(text), placeholders(plural ?? ''), key);
    }
  });

  test('exist for every phase and every action', () => {
    for (const action of jobActions) assert.ok(`action.${action}` in strings, action);
    for (const phase of phases) assert.ok(`phase.${phase}` in strings, phase);
  });

  test("of one feature don't replace those of another feature", () => {
    const parts = [
      actionStrings,
      apiStrings,
      assetStrings,
      editorStrings,
      formStrings,
      jobStrings,
      toolStrings,
    ];
    const keys = parts.flatMap(part => Object.keys(part));
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    );
    assert.equal(keys.length, Object.keys(strings).length, 'a part is missing here');
  });

  test('are not empty, and have no double spaces and no braces except around placeholders', () => {
    for (const [key, text] of Object.entries(strings)) {
      assert.match(text, /\S/, key);
      assert.doesNotMatch(text, / {2}|^\s|\s$/, key);
      assert.doesNotMatch(text.replace(/\{[a-zA-Z]+\}/g, ''), /[{}]/, key);
    }
  });

  test('for submit buttons of several jobs have a count', () => {
    for (const tool of tools) {
      assert.deepEqual(placeholders(strings[tool.submitMany]), ['count'], tool.id);
      assert.deepEqual(placeholders(strings[tool.submit]), [], tool.id);
    }
  });

  test('get values for all their placeholders', () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const { path, text } of code) {
      for (const { key, names } of fillings(text)) {
        seen++;
        // A string doesn't have to use every argument.
        const unfilled = placeholders(strings[key]).filter(name => !names.includes(name));
        if (unfilled.length > 0) wrong.push(`${path}: '${key}' does not get {${unfilled.join(', ')}}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(seen > 50, `only ${seen} places were found`);
  });
});

/** `text('key', { a, b: … })`, `new HumanError('key', { … })`, `{ key: 'key', args: { … } }`. */
function* fillings(code: string): Generator<{ key: StringKey; names: string[] }> {
  for (const match of code.matchAll(/'([\w.]+)'\s*,\s*(args:\s*)?\{/g)) {
    const key = match[1] ?? '';
    if (!Object.hasOwn(strings, key)) continue;
    const names = memberNames(code.slice(match.index + match[0].length));
    if (!names || names.includes('...')) continue;
    yield { key: key as StringKey, names };
  }
}

/** The member names of an object literal, given the code after its opening brace. */
function memberNames(code: string): string[] | undefined {
  let depth = 0;
  let member = '';
  const members: string[] = [];
  for (const character of code) {
    if (depth === 0 && (character === '}' || character === ',')) {
      if (member.trim()) members.push(member.trim());
      member = '';
      if (character === '}') return members.map(found => /^(\.\.\.|\w+)/.exec(found)?.[1] ?? found);
      continue;
    }
    if ('{(['.includes(character)) depth++;
    if ('})]'.includes(character)) depth--;
    member += character;
  }
  return undefined;
}
