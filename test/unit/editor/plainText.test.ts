import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainText } from '../../../src/editor/plainText.ts';

suite('plainText', () => {
  test('keeps ordinary text', () => {
    assert.equal(
      plainText('Saved “Anna’s photo (2).png” – 50 credits, 5 > 4'),
      'Saved “Anna’s photo (2).png” – 50 credits, 5 › 4',
    );
  });

  test('defuses links and commands', () => {
    const shown = plainText('[Update now](command:workbench.action.quit "x") <https://evil.example>');
    assert.doesNotMatch(shown, /[[\]<>]|command:/);
    assert.match(shown, /Update now/);
    assert.doesNotMatch(plainText('COMMAND:magicHour.setApiKey'), /command:/i);
  });

  test('returns one line without invisible or bidirectional characters', () => {
    assert.equal(plainText('a\r\n\tb\u0000c\u202Egnp.exe\u200Bd'), 'a b c gnp.exe d');
  });

  test('limits the length without splitting a character', () => {
    assert.equal(plainText('a'.repeat(301)), `${'a'.repeat(299)}…`);
    assert.equal(plainText('a'.repeat(300)), 'a'.repeat(300));
    assert.equal(plainText('a'.repeat(2_000), 1_000).length, 1_000);
    assert.ok(plainText('😀'.repeat(300)).isWellFormed());
  });
});
