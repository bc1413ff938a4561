import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { localDate, outputStem, stemFromText } from '../../../src/shared/outputName.ts';

const variables = { stem: 'anna', tool: 'headshot', date: '2026-11-20', name: 'Anna at work' };
const named = (pattern: string, changes: Partial<typeof variables> = {}): string =>
  outputStem(pattern, { ...variables, ...changes });

suite('outputStem', () => {
  test('fills in all variables except the ID', () => {
    assert.equal(
      named('${date} ${name} ${stem} ${tool} ${id}'),
      '2026-11-20 Anna at work anna headshot ${id}',
    );
  });

  test('is the input and the tool if the setting is empty', () => {
    assert.equal(named(''), 'anna-headshot');
    assert.equal(named('  '), 'anna-headshot');
  });

  test('is the input and the tool if nothing usable is left', () => {
    assert.equal(named('${name}', { name: '' }), 'anna-headshot');
    assert.equal(named('${unknown}'), 'anna-headshot');
    assert.equal(named('...', { stem: '../a/b' }), '_a_b-headshot');
    assert.equal(named('...', { stem: '' }), 'headshot');
  });

  test('supports only the documented variables', () => {
    assert.equal(named('a${toString}${constructor}${__proto__}b'), 'ab');
    assert.equal(named('$stem {stem} ${ stem }'), '$stem {stem} ${ stem }');
  });

  test('does not fill in variables in values', () => {
    assert.equal(named('${name}', { name: '${stem}' }), '${stem}');
  });

  test('stays in its folder', () => {
    assert.equal(named('../../${stem}'), '_.._anna');
    assert.equal(named('a/b\\c'), 'a_b_c');
    assert.equal(named('${name}', { name: '/etc/passwd' }), '_etc_passwd');
  });

  test('has no characters that a file system rejects', () => {
    assert.equal(named('a:b*c?d"e<f>g|h\ni\0j'), 'a_b_c_d_e_f_g_h_i_j');
  });

  test("doesn't start like a hidden file or an option, or end in characters that Windows drops", () => {
    assert.equal(named('.hidden'), 'hidden');
    assert.equal(named('--force'), 'force');
    assert.equal(named('trailing. . '), 'trailing');
  });

  test('is not the name of a Windows device', () => {
    for (const device of ['con', 'NUL', 'Com1', 'lpt9', 'aux.b']) assert.equal(named(device), `_${device}`);
    assert.equal(named('console'), 'console');
  });

  test('is cut between characters, and never inside the ID', () => {
    assert.equal(named('a'.repeat(500)), 'a'.repeat(132));
    assert.equal(named('é'.repeat(500)), 'é'.repeat(66));
    assert.equal(named('漢'.repeat(500)), '漢'.repeat(44));
    assert.equal(named('😀'.repeat(500)), '😀'.repeat(33));
    for (const length of [128, 129, 130, 131]) {
      assert.equal(named('a'.repeat(length) + '${id}'), 'a'.repeat(length));
    }
    assert.equal(named('a'.repeat(127) + '${id}bcd'), 'a'.repeat(127) + '${id}');
    assert.equal(named(`${'a'.repeat(131)} b`), 'a'.repeat(131));
  });

  test('fits and stays in its folder, with any input', () => {
    const word = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(word, word, word, (pattern, stem, name) => {
        const result = outputStem(pattern, { ...variables, stem, name });
        assert.ok(result.length > 0);
        assert.ok(Buffer.byteLength(result) <= 133);
        assert.doesNotMatch(result, /[/\\:*?"<>|\p{Cc}]|^[. -]|[. ]$/u);
      }),
    );
  });
});

test('localDate is the date in the local time zone', () => {
  assert.equal(localDate(new Date(2026, 0, 2, 0, 0, 1)), '2026-01-02');
  assert.equal(localDate(new Date(2026, 11, 31, 23, 59, 59)), '2026-12-31');
});

suite('the name of a result without an input file', () => {
  for (const [text, stem] of [
    ['A red fox, in the snow!', 'a-red-fox-in-the-snow'],
    ['https://example.com/a?b', 'https-example-com-a-b'],
    ['赤い狐', '赤い狐'],
    ['one two three four five six seven eight nine', 'one-two-three-four-five-six-seven-eight'],
    ['x'.repeat(100), 'x'.repeat(40)],
    ['…', ''],
  ] as const)
    test(`has the first words of “${text.slice(0, 30)}”`, () => assert.equal(stemFromText(text), stem));
});
