import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tickStep } from '../../../src/webview/waveform/ticks.ts';

test("ruler labels don't overlap", () => {
  assert.equal(tickStep(60 / 550, 64), 10);
  assert.equal(tickStep(3600 / 550, 64), 600);
  assert.equal(tickStep(0.01, 64), 1);
});
