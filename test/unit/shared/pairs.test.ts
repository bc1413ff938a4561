import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pairByStem } from '../../../src/shared/pairs.ts';

const named = (names: string) =>
  names
    .split(' ')
    .filter(Boolean)
    .map(name => ({ name }));
const pair = (images: string, sounds: string): string =>
  pairByStem(named(images), named(sounds))
    .map(({ image, sound }) => `${image?.name ?? '?'}+${sound?.name ?? '?'}`)
    .join(' ');

describe('pairByStem', () => {
  it('pairs files with the same stem, in the order of the images and regardless of case', () => {
    assert.equal(pair('ben.jpg Anna.PNG', 'anna.mp3 BEN.wav'), 'ben.jpg+BEN.wav Anna.PNG+anna.mp3');
  });
  it('pairs the same name in composed and decomposed Unicode', () => {
    assert.equal(
      pair('zoe\u0308.png x.png', 'a.mp3 zo\u00eb.mp3 b.mp3'),
      'zoe\u0308.png+zo\u00eb.mp3 x.png+? ?+a.mp3 ?+b.mp3',
    );
  });
  it('pairs a single audio file with every image, and a single image with every audio file', () => {
    assert.equal(pair('a.png b.png', 'talk.mp3'), 'a.png+talk.mp3 b.png+talk.mp3');
    assert.equal(pair('a.png', 'one.mp3 two.mp3'), 'a.png+one.mp3 a.png+two.mp3');
  });
  it('pairs the last two that are left over', () => {
    assert.equal(pair('a.png b.png', 'talk.mp3 a.mp3'), 'a.png+a.mp3 b.png+talk.mp3');
  });
  it('leaves ambiguous files unpaired', () => {
    assert.equal(pair('a.png b.png', 'x.mp3 y.mp3'), 'a.png+? b.png+? ?+x.mp3 ?+y.mp3');
    assert.equal(pair('', 'x.mp3'), '?+x.mp3');
    assert.equal(pair('a.png', ''), 'a.png+?');
    assert.equal(pair('', ''), '');
  });
});
