import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { strings } from '../../../src/shared/strings/index.ts';
import { createFormatter } from '../../../src/webview/formatter.ts';

const english = createFormatter('en', strings);

describe('formatter', () => {
  test('says whether a price is exact', () => {
    assert.equal(english.price({ credits: 50, exact: true }), '50 credits');
    assert.equal(english.price({ credits: 1240, exact: false }), 'about 1,240 credits');
  });

  test('says when a price is only a lower bound', () => {
    const lowest = { credits: 5, exact: false, from: true } as const;
    assert.equal(english.price(lowest), 'from 5 credits');
    assert.equal(english.balance(lowest, 1240), 'Uses at least 5 of your 1,240 credits');
  });

  test('formats numbers in the display language', () => {
    assert.equal(createFormatter('de', strings).price({ credits: 1240, exact: true }), '1.240 credits');
    assert.equal(english.balance({ credits: 190, exact: true }, 1240), 'Uses 190 of your 1,240 credits');
  });

  test('formats positions in audio', () => {
    assert.equal(english.clock(0), '0:00');
    assert.equal(english.clock(59.999, 2), '1:00.00');
    assert.equal(english.clock(62.5, 2), '1:02.50');
    assert.equal(english.clock(3725), '1:02:05');
    assert.equal(createFormatter('fr', strings).clock(62.5, 1), '1:02,5');
  });

  test('rounds durations', () => {
    assert.equal(english.roughly(14), '14 sec');
    assert.equal(english.roughly(43), '45 sec');
    assert.equal(english.roughly(174), '3 min');
  });

  test('rounds percentages down', () => {
    assert.equal(english.percent(0.29), '29%');
    assert.equal(english.percent(0.999), '99%');
    assert.equal(english.percent(1.2), '100%');
  });

  test('formats file sizes', () => {
    assert.equal(english.bytes(512), '512 byte');
    assert.equal(english.bytes(120_400), '120 kB');
    assert.equal(english.bytes(3_440_000), '3.4 MB');
  });

  test('falls back to English for an invalid locale, and recognizes right-to-left languages', () => {
    assert.equal(createFormatter('qps_ploc!', strings).locale, 'en');
    assert.equal(createFormatter('ar', strings).direction, 'rtl');
    assert.equal(createFormatter('pt-BR', strings).direction, 'ltr');
  });
});
