import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coarseToFine } from '../../../src/webview/waveform/order.ts';
import { exactLevel, Peaks, sampledLevel, unknownLevel } from '../../../src/webview/waveform/peaks.ts';

const rate = 1000;
const constant = (seconds: number, level: number) => new Float32Array(seconds * rate).fill(level);

describe('audio levels', () => {
  test('an hour needs no more memory than a few minutes', () => {
    assert.equal(new Peaks(3600).count, new Peaks(36_000).count);
    assert.ok(new Peaks(3600).count <= 48_000);
  });

  test('a range is as loud as its loudest frame', () => {
    const peaks = new Peaks(10);
    peaks.add(0, constant(10, 0.1), rate);
    peaks.add(4, constant(0.05, -0.8), rate);
    assert.ok(Math.abs(peaks.loudest(3, 5).level - 0.8) < 1e-6);
    assert.ok(Math.abs(peaks.loudest(5, 6).level - 0.1) < 1e-6);
  });

  test('a range is as precise as its least precise step', () => {
    const peaks = new Peaks(10);
    assert.equal(peaks.loudest(0, 10).known, unknownLevel);
    peaks.sample(0, 10, 0.5);
    assert.equal(peaks.loudest(0, 10).known, sampledLevel);
    peaks.add(0, constant(5, 0.2), rate);
    assert.equal(peaks.loudest(0, 4.9).known, exactLevel);
    assert.equal(peaks.loudest(0, 10).known, sampledLevel);
  });

  test("a sampled moment doesn't replace exact levels", () => {
    const peaks = new Peaks(10);
    peaks.add(0, constant(10, 0.2), rate);
    peaks.sample(0, 10, 0.9);
    assert.ok(Math.abs(peaks.loudestOfAll - 0.2) < 1e-6);
  });

  test('frames before 0 or after the end are ignored', () => {
    const peaks = new Peaks(1);
    peaks.add(-0.5, constant(2, 0.3), rate);
    assert.equal(peaks.loudest(0, 1).known, exactLevel);
  });
});

describe('silence at the ends', () => {
  const speech = () => {
    const peaks = new Peaks(10);
    peaks.add(0, constant(10, 0.001), rate);
    peaks.add(2, constant(5, 0.7), rate);
    return peaks;
  };

  test('is excluded', () => {
    const sound = speech().withoutSilence(0, 10);
    assert.ok(
      sound && Math.abs(sound.from - 2) < 0.02 && Math.abs(sound.to - 7) < 0.02,
      JSON.stringify(sound),
    );
  });

  test('is detected only within the clip', () => {
    assert.deepEqual(speech().withoutSilence(3, 6), { from: 3, to: 6 });
  });

  test("isn't guessed from sampled levels", () => {
    const peaks = new Peaks(10);
    peaks.sample(0, 2, 0);
    peaks.sample(2, 10, 0.7);
    assert.equal(peaks.withoutSilence(0, 10), undefined);
  });

  test('is not reported if everything is silent', () => {
    const peaks = new Peaks(3);
    peaks.add(0, constant(3, 0), rate);
    assert.equal(peaks.withoutSilence(0, 3), undefined);
  });
});

describe('the order of the moments', () => {
  test('contains every moment once', () => {
    for (const count of [1, 2, 7, 256, 1000]) {
      const moments = coarseToFine(count).map(({ index }) => index);
      assert.deepEqual(
        moments.toSorted((a, b) => a - b),
        Array.from({ length: count }, (_, index) => index),
      );
    }
  });

  test('covers the entire range after a few moments', () => {
    const covered = new Set<number>();
    for (const { index, span } of coarseToFine(256).slice(0, 4))
      for (let part = index; part < index + span; part++) covered.add(part);
    assert.equal(covered.size, 256);
  });
});
