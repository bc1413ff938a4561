import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AssetLookup, Draft, DraftRow } from '../../../src/shared/draft.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import { prefillClips, shortenClip } from '../../../src/webview/prefill.ts';

const file = (name: string) => ({ kind: 'file' as const, uri: `file:///${name}` });
const row = (audio: string | undefined, start = '', end = ''): DraftRow => ({
  id: 'r',
  inputs: audio === undefined ? {} : { audio: file(audio) },
  start,
  end,
});
const draft = (only: DraftRow, mode = 'realistic'): Draft => ({
  tool: 'talkingPhoto',
  rows: [only],
  values: { mode },
});
const lengths: Record<string, number> = { 'a.mp3': 12.345, 'long.mp3': 400 };
const lookup: AssetLookup = source => {
  const seconds = source.kind === 'file' ? lengths[source.uri.slice(8)] : undefined;
  if (seconds === undefined) return undefined;
  return { info: { kind: 'audio', extension: 'mp3', bytes: 1, modified: 1, seconds } };
};
const times = (filled: { draft: Draft }) => {
  const [first] = filled.draft.rows;
  return [first?.start, first?.end];
};

describe('filling in Start and End', () => {
  test('goes from 0 to the length, never rounded beyond it', () => {
    assert.deepEqual(times(prefillClips(talkingPhoto, draft(row('a.mp3')), lookup, new Map())), [
      '0',
      '12.34',
    ]);
  });

  test('is limited to what the mode allows', () => {
    assert.deepEqual(times(prefillClips(talkingPhoto, draft(row('long.mp3')), lookup, new Map())), [
      '0',
      '300',
    ]);
    assert.deepEqual(
      times(prefillClips(talkingPhoto, draft(row('long.mp3'), 'prompted'), lookup, new Map())),
      ['0', '45'],
    );
  });

  test('waits until the length is known', () => {
    const unknown = draft(row('unread.mp3'));
    assert.equal(prefillClips(talkingPhoto, unknown, lookup, new Map()).draft, unknown);
  });

  test('keeps a time that was typed before the length was known, and adds the other one', () => {
    const typed = (start: string, end: string, audio = 'a.mp3') =>
      times(prefillClips(talkingPhoto, draft(row(audio, start, end)), lookup, new Map()));
    assert.deepEqual(typed('2.5', ''), ['2.5', '12.34']);
    assert.deepEqual(typed('2.5', '', 'long.mp3'), ['2.5', '302.5']);
    assert.deepEqual(typed('', '9.25'), ['0', '9.25']);
    assert.deepEqual(typed('1', '9.25'), ['1', '9.25']);
  });

  test('keeps typed times for every further file', () => {
    let filled = prefillClips(talkingPhoto, draft(row('a.mp3', '', '9.25')), lookup, new Map());
    for (const audio of ['long.mp3', 'a.mp3']) {
      filled = prefillClips(talkingPhoto, draft(row(audio, '0', '9.25')), lookup, filled.prefilled);
      assert.deepEqual(times(filled), ['0', '9.25']);
    }
  });

  test('leaves fields empty that were cleared', () => {
    const first = prefillClips(talkingPhoto, draft(row('a.mp3')), lookup, new Map());
    const emptied = draft(row('a.mp3', '', ''));
    assert.equal(prefillClips(talkingPhoto, emptied, lookup, first.prefilled).draft, emptied);
  });

  test('is repeated for another file unless times were typed', () => {
    const first = prefillClips(talkingPhoto, draft(row('a.mp3')), lookup, new Map());
    const swapped = draft(row('long.mp3', '0', '12.34'));
    assert.deepEqual(times(prefillClips(talkingPhoto, swapped, lookup, first.prefilled)), ['0', '300']);
    const typed = draft(row('long.mp3', '1', '12.34'));
    assert.deepEqual(times(prefillClips(talkingPhoto, typed, lookup, first.prefilled)), ['1', '12.34']);
  });

  test('sets only Start for a URL, whose length is unknown', () => {
    const url = {
      ...row(undefined),
      inputs: { audio: { kind: 'url' as const, url: 'https://x.example/a.mp3' } },
    };
    assert.deepEqual(times(prefillClips(talkingPhoto, draft(url), lookup, new Map())), ['0', '']);
  });

  test('does nothing for a tool without a clip', () => {
    const plain = draft(row('a.mp3'));
    assert.equal(prefillClips(headshot, plain, lookup, new Map()).draft, plain);
  });
});

describe('shortening a clip', () => {
  test('keeps the start and moves the end', () => {
    assert.deepEqual(times({ draft: draft(shortenClip(row('a', '5', '100'), 45, 400)) }), ['5', '50']);
  });

  test('does not go beyond the audio', () => {
    assert.deepEqual(times({ draft: draft(shortenClip(row('a', '5', '100'), 300, 60)) }), ['5', '60']);
  });

  test('starts at 0 if the start is beyond the end of the audio', () => {
    assert.deepEqual(times({ draft: draft(shortenClip(row('a', '70', '100'), 45, 60)) }), ['0', '45']);
  });
});
