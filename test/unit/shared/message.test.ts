import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fill, HumanError, pluralKey } from '../../../src/shared/message.ts';

suite('fill', () => {
  test('fills every placeholder, even one that occurs twice', () => {
    assert.equal(fill('{count} of {total}, {count} more', { count: 2, total: 4 }), '2 of 4, 2 more');
  });

  test('shows 0 and empty text', () => {
    assert.equal(fill('{count} {name}.', { count: 0, name: '' }), '0 .');
  });

  test('keeps placeholders without a value, so that the mistake is visible', () => {
    assert.equal(fill('{name} {constructor}', {}), '{name} {constructor}');
    assert.equal(fill('{name}'), '{name}');
  });

  test('does not fill placeholders in values', () => {
    assert.equal(fill('{a}{b}', { a: '{b}', b: '$&' }), '{b}$&');
  });

  test('never ends a message in two periods', () => {
    assert.equal(fill('{title}: {phase}.', { title: 'anna.png', phase: 'Saved' }), 'anna.png: Saved.');
    assert.equal(
      fill('{title}: {phase}.', { title: 'anna.png', phase: 'Try again.' }),
      'anna.png: Try again.',
    );
    assert.equal(fill('{phase}。', { phase: '終わりました。' }), '終わりました。');
  });
});

suite('pluralKey', () => {
  const strings = { 'status.asking': '', 'status.asking.one': '', 'phase.saved': '' };
  const keyFor = (count: number, locale: string) => pluralKey('status.asking', { count }, strings, locale);

  test('picks the singular where the language uses it', () => {
    assert.equal(keyFor(1, 'en'), 'status.asking.one');
    assert.equal(keyFor(0, 'en'), 'status.asking');
    assert.equal(keyFor(2, 'en'), 'status.asking');
    assert.equal(keyFor(0, 'fr'), 'status.asking.one');
    assert.equal(keyFor(1, 'ja'), 'status.asking');
  });

  test('keeps a key without a number or without a singular', () => {
    assert.equal(pluralKey('status.asking', { name: 'anna.png' }, strings, 'en'), 'status.asking');
    assert.equal(pluralKey('phase.saved', { count: 1 }, strings, 'en'), 'phase.saved');
  });
});

suite('HumanError', () => {
  test('has its text, a suggestedAction and the cause', () => {
    const cause = new Error('ECONNRESET');
    const error = new HumanError('asset.empty', { name: 'anna.png' }, { suggestedAction: 'retry', cause });
    assert.deepEqual(error.text, { key: 'asset.empty', args: { name: 'anna.png' } });
    assert.equal(error.suggestedAction, 'retry');
    assert.equal(error.cause, cause);
    assert.equal(error.message, 'asset.empty {"name":"anna.png"}');
  });

  test('can be written to disk and read back', () => {
    const { text } = new HumanError('form.imageMissing');
    assert.deepEqual(JSON.parse(JSON.stringify(text)), { key: 'form.imageMissing' });
    assert.deepEqual(text, { key: 'form.imageMissing' });
  });
});
