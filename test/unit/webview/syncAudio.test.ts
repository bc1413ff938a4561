import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correction } from '../../../src/webview/media/syncAudio.ts';

test('audio is synced by changing its speed, or by seeking when it is far off', () => {
  assert.equal(correction(0.005), 1);
  assert.equal(correction(0.2), 'seek');
  assert.equal(correction(-0.2), 'seek');
  const faster = correction(-0.03);
  const slower = correction(0.03);
  assert.ok(typeof faster === 'number' && faster > 1 && faster <= 1.1);
  assert.ok(typeof slower === 'number' && slower < 1 && slower >= 0.9);
});
