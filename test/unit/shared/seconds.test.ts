import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { formatSeconds, parseSeconds } from '../../../src/shared/seconds.ts';

suite('parseSeconds', () => {
  for (const [typed, seconds] of [
    ['0', 0],
    ['90', 90],
    ['90.5', 90.5],
    ['90,5', 90.5],
    ['.5', 0.5],
    ['3.', 3],
    [' 2.5 ', 2.5],
    ['007', 7],
    ['1:30.5', 90.5],
    ['1:30,5', 90.5],
    ['0:00', 0],
    ['90:00', 5400],
    ['1:02:03', 3723],
    ['1:02:03.25', 3723.25],
  ] as const) {
    test(`reads “${typed}”`, () => assert.equal(parseSeconds(typed), seconds));
  }

  for (const typed of [
    '',
    ' ',
    '.',
    ':',
    ':30',
    '1:',
    '1::2',
    '1:2:3:4',
    '1:60',
    '1:60:00',
    '1.5:30',
    '-1',
    '+1',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '1 30',
    '1s',
    '1,000.5',
    '9'.repeat(400),
  ]) {
    test(`rejects “${typed.slice(0, 20)}”`, () => assert.equal(parseSeconds(typed), undefined));
  }
});

suite('formatSeconds', () => {
  for (const [seconds, shown] of [
    [0, '0'],
    [2.5, '2.5'],
    [9.999, '9.99'],
    [12.345, '12.34'],
    [3600, '3600'],
    // 0.29 * 100 is 28.999999999999996
    [0.29, '0.29'],
    [1.1 + 2.2, '3.3'],
  ] as const) {
    test(`shows ${seconds} as ${shown}`, () => assert.equal(formatSeconds(seconds), shown));
  }

  test('shows a value that can be parsed, at most a hundredth less, and never more', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 360_000, noNaN: true }), seconds => {
        const read = parseSeconds(formatSeconds(seconds));
        assert.ok(read !== undefined && read <= seconds + 1e-7 && read > seconds - 0.0101);
      }),
    );
  });

  test('keeps hundredths in a round trip', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 36_000_000 }), hundredths => {
        assert.equal(parseSeconds(formatSeconds(hundredths / 100)), hundredths / 100);
      }),
    );
  });
});
