import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nudge } from '../../../src/webview/waveform/nudge.ts';

test('nudging a time stays within the audio and is rounded to hundredths', () => {
  assert.equal(nudge('0.2', 0.1, 60), '0.3');
  assert.equal(nudge('1:02.5', -1, 120), '61.5');
  assert.equal(nudge('0.05', -0.1, 60), '0');
  assert.equal(nudge('59.95', 0.1, 60.03), '60.03');
  assert.equal(nudge('', 1, 60), '1');
});
