import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { moveClip, moveEnd, moveStart } from '../../../src/webview/waveform/drag.ts';

const bounds = { length: 60.034, limit: 45 };

describe('dragging the clip', () => {
  test('an edge follows the pointer', () => {
    assert.deepEqual(moveStart({ start: 0, end: 20 }, 2.504, bounds), { start: 2.5, end: 20 });
    assert.deepEqual(moveEnd({ start: 2.5, end: 20 }, 9.25, bounds), { start: 2.5, end: 9.25 });
  });

  test('an edge stops where the clip would become longer than the mode allows', () => {
    assert.equal(moveEnd({ start: 2.5, end: 20 }, 60, bounds).end, 47.5);
    assert.equal(moveStart({ start: 50, end: 60 }, 0, bounds).start, 15);
  });

  test('an edge stops before the other edge', () => {
    assert.equal(moveStart({ start: 0, end: 20 }, 30, bounds).start, 19.9);
    assert.equal(moveEnd({ start: 5, end: 20 }, 0, bounds).end, 5.1);
  });

  test('a moved clip keeps its length and stays within the audio', () => {
    assert.deepEqual(moveClip({ start: 10, end: 20 }, -5, bounds), { start: 0, end: 10 });
    assert.deepEqual(moveClip({ start: 10, end: 20 }, 55, bounds), { start: 50.03, end: 60.03 });
  });

  test('every drag results in a clip that the fields accept', () => {
    const seconds = fc.double({ min: -10, max: 80, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (to, then) => {
        const clip = moveEnd(moveStart({ start: 10, end: 30 }, to, bounds), then, bounds);
        assert.ok(clip.start >= 0 && clip.end <= bounds.length, JSON.stringify(clip));
        assert.ok(
          clip.end > clip.start && clip.end - clip.start <= bounds.limit + 1e-6,
          JSON.stringify(clip),
        );
      }),
    );
  });
});
