import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { candidateNames, resultExtension, safeStem } from '../../../src/jobs/names.ts';

test('makes any stem a valid file name on every system', () => {
  const names = {
    'anna-headshot': 'anna-headshot',
    'Änne & Söhne #1 100%': 'Änne & Söhne #1 100%',
    '../../etc/passwd': '_.._etc_passwd',
    'a\\b:c*?"<>|': 'a_b_c______',
    '...hidden': 'hidden',
    'trailing. . ': 'trailing',
    CON: '_CON',
    'nul.headshot': '_nul.headshot',
    'com¹': '_com¹',
    console: 'console',
    'bi\u202Edi': 'bi_di',
    '': 'result',
    ' . ': 'result',
  };
  for (const [stem, name] of Object.entries(names)) assert.equal(safeStem(stem, 'p1'), name);
});

test('fills in the project ID without leaving the folder', () => {
  assert.equal(safeStem('x-${id}-${id}', 'p1'), 'x-p1-p1');
  assert.equal(safeStem('${id}', '../../evil'), 'evil');
});

test('cuts long names between characters', () => {
  const name = safeStem('👨‍👩‍👧‍👦'.repeat(40), 'p1');
  assert.ok(Buffer.byteLength(name) <= 133);
  assert.match(name, /^(?:👨‍👩‍👧‍👦)+$/u);
});

test('never leaves the folder, with any stem', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (stem, id) => {
      const name = safeStem(stem, id);
      assert.ok(name !== '' && name !== '.' && name !== '..');
      assert.doesNotMatch(name, /[/\\\0:]|^\.|[. ]$/);
      assert.ok(Buffer.byteLength(name) <= 133);
    }),
    { numRuns: 5_000 },
  );
});

test('takes a known extension from the media type, then from the URL', () => {
  const url = 'https://videos.example/p1/output.webp?signature=x.exe';
  assert.equal(resultExtension('image', 'image/jpeg', url), 'jpg');
  assert.equal(resultExtension('image', 'IMAGE/PNG; charset=x', url), 'png');
  assert.equal(resultExtension('image', 'application/octet-stream', url), 'webp');
  assert.equal(resultExtension('image', 'text/html', 'https://videos.example/evil.exe'), 'png');
  assert.equal(resultExtension('video', undefined, 'nonsense'), 'mp4');
});

test('finds the first free name, ignoring case and Unicode form', () => {
  const first = (taken: string[]) => candidateNames('Änne', 'png', taken).next().value;
  assert.equal(first([]), 'Änne.png');
  assert.equal(first(['ÄNNE.PNG', 'änne-2.png'.normalize('NFD')]), 'Änne-3.png');
});
