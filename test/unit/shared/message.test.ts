import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fill, HumanError } from '../../../src/shared/message.ts';

suite('fill', () => {
  test('fills every placeholder, also one that comes twice', () => {
    assert.equal(fill('{count} of {total}, {count} more', { count: 2, total: 4 }), '2 of 4, 2 more');
  });

  test('shows 0 and empty words', () => {
    assert.equal(fill('{count} {name}.', { count: 0, name: '' }), '0 .');
  });

  test('leaves placeholders that nothing fills, so that the mistake is seen', () => {
    assert.equal(fill('{name} {constructor}', {}), '{name} {constructor}');
    assert.equal(fill('{name}'), '{name}');
  });

  test('does not look again at what it filled in', () => {
    assert.equal(fill('{a}{b}', { a: '{b}', b: '$&' }), '{b}$&');
  });
});

suite('HumanError', () => {
  test('carries its text, a suggestedAction and the cause', () => {
    const cause = new Error('ECONNRESET');
    const error = new HumanError('asset.empty', { name: 'anna.png' }, { suggestedAction: 'retry', cause });
    assert.deepEqual(error.text, { key: 'asset.empty', args: { name: 'anna.png' } });
    assert.equal(error.suggestedAction, 'retry');
    assert.equal(error.cause, cause);
    assert.equal(error.message, 'asset.empty {"name":"anna.png"}');
  });

  test('is a message that survives being written to disk', () => {
    const { text } = new HumanError('form.imageMissing');
    assert.deepEqual(JSON.parse(JSON.stringify(text)), { key: 'form.imageMissing' });
    assert.deepEqual(text, { key: 'form.imageMissing' });
  });
});
