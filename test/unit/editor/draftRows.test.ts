import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { addSources, jobsOfRows, newDraft, rowsOf } from '../../../src/editor/form/draftRows.ts';
import type { AssetSource } from '../../../src/shared/asset.ts';
import type { Draft } from '../../../src/shared/draft.ts';
import { backgroundRemover } from '../../../src/tools/backgroundRemover.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { jobOf } from './job.ts';

const source = (name: string): AssetSource => ({ kind: 'file', uri: `file:///w/${name}` });
const nameOf = (asset: AssetSource | undefined): string =>
  asset?.kind === 'file' ? asset.uri.replace('file:///w/', '') : (asset?.url ?? '');
const named = (names: string): AssetSource[] => names.split(' ').filter(Boolean).map(source);

suite('rowsOf', () => {
  /** Formats the rows and then the skipped files, as in `anna.png+anna.mp3 | notes.txt`. */
  const selected = (tool: Tool, names: string): string => {
    const { rows, skipped } = rowsOf(tool, named(names));
    const shown = rows.map(row => tool.inputs.map(({ id }) => nameOf(row[id])).join('+'));
    return `${shown.join(' ')} | ${skipped.map(nameOf).join(' ')}`;
  };

  test('creates a headshot row for each image and skips other files', () => {
    assert.equal(selected(headshot, 'b.png a.JPG x.mp3 notes.txt'), 'b.png a.JPG | x.mp3 notes.txt');
  });

  test('creates a row for each image for a tool with an optional second image', () => {
    assert.equal(selected(backgroundRemover, 'b.png a.png'), 'b.png+ a.png+ | ');
  });

  test('creates one row from two images for a tool that needs two', () => {
    const [image] = headshot.inputs;
    assert.ok(image);
    const needsTwo = { ...headshot, inputs: [image, { ...image, id: 'second' }] };
    assert.equal(selected(needsTwo, 'b.png a.png x.mp3'), 'b.png+a.png | x.mp3');
    assert.equal(selected(needsTwo, 'b.png'), 'b.png+ | ');
    assert.equal(selected(needsTwo, 'b.png a.png c.png'), 'b.png+ a.png+ c.png+ | ');
  });

  test('creates no row without usable files', () => {
    assert.equal(selected(headshot, 'x.mp3'), ' | x.mp3');
    assert.equal(selected(talkingPhoto, 'notes.txt'), ' | notes.txt');
    assert.equal(selected(talkingPhoto, ''), ' | ');
  });

  test('creates a talking photo row from an image and an audio file in any order', () => {
    assert.equal(selected(talkingPhoto, 'speech.wav anna.png'), 'anna.png+speech.wav | ');
  });

  test('creates an incomplete row from an image or an audio file', () => {
    assert.equal(selected(talkingPhoto, 'anna.png'), 'anna.png+ | ');
    assert.equal(selected(talkingPhoto, 'speech.mp3'), '+speech.mp3 | ');
  });

  test('pairs images and audio files with the same name', () => {
    assert.equal(selected(talkingPhoto, 'a.mp3 a.png b.png b.m4a c.txt'), 'a.png+a.mp3 b.png+b.m4a | c.txt');
  });

  test('recognizes URLs by the name in their path', () => {
    const url = { kind: 'url', url: 'https://example.com/anna.png?file=x.mp3' } as const;
    assert.deepEqual(rowsOf(headshot, [url]), { rows: [{ image: url }], skipped: [] });
  });
});

suite('newDraft', () => {
  test('has a row for each selection and a copy of the values', () => {
    const values = { name: 'Anna' };
    const draft = newDraft(headshot, [{ image: source('a.png') }, { image: source('b.png') }], values);
    assert.equal(new Set(draft.rows.map(({ id }) => id)).size, 2);
    assert.deepEqual(
      draft.rows.map(({ inputs, start, end }) => [nameOf(inputs['image']), start, end]),
      [
        ['a.png', '', ''],
        ['b.png', '', ''],
      ],
    );
    assert.deepEqual([draft.tool, draft.values], ['headshot', values]);
    assert.notEqual(draft.values, values);
  });

  test('has an empty row without a selection', () => {
    assert.deepEqual(
      newDraft(headshot, [], {}).rows.map(({ inputs }) => inputs),
      [{}],
    );
  });
});

suite('addSources', () => {
  const draftOf = (tool: string, ...rows: string[]): Draft => ({
    tool,
    values: {},
    rows: rows.map((row, index) => {
      const [image, audio] = row.split('+');
      return {
        id: `row${index + 1}`,
        inputs: { ...(image && { image: source(image) }), ...(audio && { audio: source(audio) }) },
        start: '1',
        end: '2',
      };
    }),
  });
  const shown = ({ rows }: Draft): string =>
    rows.map(({ inputs }) => `${nameOf(inputs['image'])}+${nameOf(inputs['audio'])}`).join(' ');

  test('replaces the file of a row', () => {
    const draft = draftOf('headshot', 'a.png', 'b.png');
    assert.equal(shown(addSources(draft, 'row2', 'image', named('c.png'))), 'a.png+ c.png+');
    assert.equal(shown(draft), 'a.png+ b.png+', 'the draft itself is not changed');
  });

  test('fills this row, then incomplete rows below, then new rows', () => {
    const draft = draftOf('talkingPhoto', '+x.mp3', 'a.png', 'b.png', '+y.mp3');
    assert.equal(
      shown(addSources(draft, 'row2', 'image', named('1.png 2.png 3.png'))),
      '+x.mp3 1.png+ b.png+ 2.png+y.mp3 3.png+',
    );
  });

  test('fills incomplete rows from the top when no row is given', () => {
    const draft = draftOf('talkingPhoto', '+x.mp3', 'a.png');
    assert.equal(shown(addSources(draft, '', 'image', named('1.png 2.png'))), '1.png+x.mp3 a.png+ 2.png+');
  });

  test('gives new rows their own IDs and no clip', () => {
    const { rows } = addSources(draftOf('headshot', 'a.png'), '', 'image', named('b.png c.png'));
    assert.equal(new Set(rows.map(({ id }) => id)).size, 3);
    assert.deepEqual([rows[2]?.start, rows[2]?.end], ['', '']);
  });

  test('resets the clip for another audio file but not for another image', () => {
    const draft = draftOf('talkingPhoto', 'a.png+x.mp3');
    const clipOf = ({ rows: [row] }: Draft) => [row?.start, row?.end];
    assert.deepEqual(clipOf(addSources(draft, 'row1', 'audio', named('y.mp3'))), ['', '']);
    assert.deepEqual(clipOf(addSources(draft, 'row1', 'image', named('b.png'))), ['1', '2']);
  });

  test('changes nothing without files', () => {
    const draft = draftOf('headshot', 'a.png');
    assert.deepEqual(addSources(draft, 'row1', 'image', []), draft);
  });
});

test('finds the last job of each row for a form restored from an older state', () => {
  const rows = ['row1', 'row2'].map(id => ({ id, inputs: {}, start: '', end: '' }));
  const jobs = [
    jobOf({ id: 'runs', phase: 'waiting' }, { row: 'row1' }),
    jobOf({ id: 'asks', phase: 'unknown' }, { row: 'row2' }),
    jobOf({ id: 'done', phase: 'saved' }, { row: 'row2' }),
    jobOf({ id: 'of another form', phase: 'waiting' }, { row: 'row9' }),
    jobOf({ id: 'of an agent', phase: 'waiting' }),
  ];
  assert.deepEqual(jobsOfRows(rows, jobs), [
    { id: 'runs', row: 'row1' },
    { id: 'asks', row: 'row2' },
  ]);
});
