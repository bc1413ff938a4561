import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import type { AssetSource } from '../../../src/shared/asset.ts';
import {
  type AssetLookup,
  checkDraft,
  type CheckedDraft,
  type Draft,
  readValues,
} from '../../../src/shared/draft.ts';
import { draftSchema } from '../../../src/shared/draftSchema.ts';
import { backgroundRemover } from '../../../src/tools/backgroundRemover.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import type { Tool } from '../../../src/tools/tool.ts';

const image: AssetSource = { kind: 'file', uri: 'file:///w/anna.png' };
const audio: AssetSource = { kind: 'file', uri: 'file:///w/anna.mp3' };

const nothingKnown: AssetLookup = () => undefined;
const audioOf =
  (seconds: number): AssetLookup =>
  source =>
    source === audio
      ? { info: { kind: 'audio', extension: 'mp3', bytes: 1, modified: 1, seconds } }
      : undefined;

const headshots = (...inputs: Draft['rows'][number]['inputs'][]): Draft => ({
  tool: 'headshot',
  rows: inputs.map((inputs, index) => ({ id: `row${index + 1}`, inputs, start: '', end: '' })),
  values: {},
});

const talking = (start: string, end: string, values: Draft['values'] = {}): Draft => ({
  tool: 'talkingPhoto',
  rows: [{ id: 'row1', inputs: { image, audio }, start, end }],
  values,
});

/** Formats each problem as `control: key`. */
const problemsOf = ({ problems }: CheckedDraft): string[] =>
  problems.map(({ control, message }) => `${control}: ${message.key}`);

suite('a headshot', () => {
  test('with an image is valid, costs 50, and has its text trimmed', () => {
    const draft = { ...headshots({ image }), values: { name: '  Anna ', stylePrompt: ' \n ' } };
    assert.deepEqual(checkDraft(headshot, draft, nothingKnown), {
      problems: [],
      values: { name: 'Anna' },
      rows: [{ id: 'row1', inputs: { image }, price: { credits: 50, exact: true } }],
      price: { credits: 50, exact: true },
    });
  });

  test('without rows asks for a file, at the first input', () => {
    const checked = checkDraft(headshot, headshots(), nothingKnown);
    assert.deepEqual(checked.problems, [{ control: 'image', message: { key: 'form.inputMissing' } }]);
    assert.deepEqual(checked.price, { credits: 0, exact: true });
  });

  test("doesn't ask for an optional file", () => {
    const draft = {
      tool: 'backgroundRemover',
      rows: [{ id: 'row1', inputs: { image }, start: '', end: '' }],
      values: {},
    };
    assert.deepEqual(checkDraft(backgroundRemover, draft, nothingKnown).problems, []);
  });

  test('says in which row an image is missing, and still adds up the price', () => {
    const checked = checkDraft(headshot, headshots({ image }, {}, { image }), nothingKnown);
    assert.deepEqual(checked.problems, [
      { row: 'row2', control: 'image', message: { key: 'form.imageMissing' } },
    ]);
    assert.deepEqual(checked.price, { credits: 150, exact: true });
  });

  test('reports a known problem with a file', () => {
    const message = { key: 'asset.empty', args: { name: 'anna.png' } } as const;
    const checked = checkDraft(headshot, headshots({ image }), () => ({ problem: message }));
    assert.deepEqual(checked.problems, [{ row: 'row1', control: 'image', message }]);
  });
});

suite('a talking photo', () => {
  test('has its clip and an estimated price', () => {
    const checked = checkDraft(talkingPhoto, talking('2.5', '9.25'), audioOf(60));
    assert.deepEqual(problemsOf(checked), []);
    assert.deepEqual(checked.rows[0]?.clip, { start: 2.5, end: 9.25 });
    assert.deepEqual(checked.price, { credits: 324, exact: false });
    assert.deepEqual(checked.values, { mode: 'realistic' });
  });

  test('accepts minutes and decimal commas', () => {
    const checked = checkDraft(talkingPhoto, talking('1:02,5', '1:10'), audioOf(90));
    assert.deepEqual(checked.rows[0]?.clip, { start: 62.5, end: 70 });
  });

  test('names each missing input', () => {
    const draft = { ...talking('0', '1'), rows: [{ id: 'row1', inputs: {}, start: '0', end: '1' }] };
    assert.deepEqual(problemsOf(checkDraft(talkingPhoto, draft, nothingKnown)), [
      'image: form.imageMissing',
      'audio: form.audioMissing',
    ]);
  });

  for (const [what, start, end, problem] of [
    ['a start that isn’t a number', 'x', '5', 'start: form.secondsUnreadable'],
    ['an empty start', '', '5', 'start: form.secondsUnreadable'],
    ['an end that isn’t a number', '0', 'x', 'end: form.secondsUnreadable'],
    ['an end before the start', '5', '4', 'end: form.endBeforeStart'],
    ['an empty clip', '5', '5', 'end: form.endBeforeStart'],
    ['a start at the end of the audio', '60', '61', 'start: form.startBeyondAudio'],
    ['an end beyond the audio', '0', '60.01', 'end: form.endBeyondAudio'],
    ['an end that the API refuses', '0', '0.09', 'end: form.endTooEarly'],
  ] as const) {
    test(`rejects ${what}`, () => {
      assert.deepEqual(problemsOf(checkDraft(talkingPhoto, talking(start, end), audioOf(60))), [problem]);
    });
  }

  test("asks for the end differently while there's no audio file to read it from", () => {
    const draft = { ...talking('0', ''), rows: [{ id: 'row1', inputs: { image }, start: '0', end: '' }] };
    assert.deepEqual(problemsOf(checkDraft(talkingPhoto, draft, nothingKnown)), [
      'audio: form.audioMissing',
      'end: form.endMissing',
    ]);
  });

  test('can end at the length as shown, with two decimals', () => {
    for (const [end, seconds] of [
      ['60', 59.996],
      ['59.99', 59.996],
      ['0.1', 0.1],
    ] as const)
      assert.deepEqual(problemsOf(checkDraft(talkingPhoto, talking('0', end), audioOf(seconds))), [], end);
  });

  test('of unknown length, or by URL, is checked as far as possible', () => {
    assert.deepEqual(problemsOf(checkDraft(talkingPhoto, talking('0', '299'), nothingKnown)), []);
  });

  for (const [mode, limit] of [
    ['realistic', 300],
    ['pro', 300],
    ['stable', 300],
    ['prompted', 45],
    ['expressive', 45],
    ['standard', 45],
  ] as const) {
    test(`in mode ${mode} has at most ${limit} seconds, wherever it starts`, () => {
      const ending = (end: number) => talking('7.3', String(end), { mode });
      assert.deepEqual(problemsOf(checkDraft(talkingPhoto, ending(7.3 + limit), audioOf(4000))), []);
      const long = checkDraft(talkingPhoto, ending(7.31 + limit), audioOf(4000));
      assert.deepEqual(long.problems, [
        {
          row: 'row1',
          control: 'end',
          message: { key: 'form.clipTooLong', args: { seconds: limit + 0.01, limit } },
        },
      ]);
    });
  }

  test("has no price while its clip can't be priced, and never a negative one", () => {
    assert.equal(checkDraft(talkingPhoto, talking('0', ''), audioOf(60)).price.credits, 0);
    assert.equal(checkDraft(talkingPhoto, talking('9', '3'), audioOf(60)).price.credits, 0);
  });

  test('has the total price of all rows', () => {
    const draft = talking('0', '10');
    const [row] = draft.rows;
    assert.ok(row);
    const checked = checkDraft(
      talkingPhoto,
      { ...draft, rows: [row, { ...row, id: 'row2', end: '1' }] },
      audioOf(60),
    );
    assert.deepEqual(checked.price, { credits: 528, exact: false });
  });

  test('with an unknown mode has a problem, but still a price', () => {
    for (const mode of ['lifelike', 'constructor', '__proto__']) {
      const checked = checkDraft(talkingPhoto, talking('0', '10', { mode }), audioOf(60));
      assert.deepEqual(problemsOf(checked), ['mode: form.choiceUnknown']);
      assert.equal(checked.price.credits, 480);
    }
  });
});

suite('readValues', () => {
  const read = (typed: Record<string, string>, tool: Tool = talkingPhoto) => {
    const problems: { control: string; message: { key: string } }[] = [];
    const values = readValues(tool, typed, problems as never);
    return problems[0] ? `${problems[0].control}: ${problems[0].message.key}` : values;
  };

  test("reads a field only while it's offered", () => {
    const typed = { prompt: 'smile', intensity: 'much' };
    assert.deepEqual(read({ ...typed, mode: 'realistic' }), { mode: 'realistic' });
    assert.deepEqual(read({ ...typed, mode: 'standard' }), { mode: 'standard', prompt: 'smile' });
    assert.deepEqual(read({ ...typed, mode: 'expressive' }), 'intensity: form.numberOutside');
  });

  test("doesn't send the default of a choice that isn't offered", () => {
    const choice = {
      type: 'choice',
      label: 'field.mode',
      wire: ['b'],
      default: 'x',
      choices: [{ value: 'x', label: 'field.mode' }],
    } as const;
    const tool: Tool = {
      ...headshot,
      fields: [{ ...choice, id: 'b', offered: values => values['name'] !== undefined }],
    };
    assert.deepEqual(read({}, tool), {});
    assert.deepEqual(read({}, { ...tool, fields: [{ ...choice, id: 'b' }] }), { b: 'x' });
  });

  for (const [typed, read] of [
    ['0.1', 0.1],
    ['2', 2],
    ['1,25', 1.25],
    [' 1.10 ', 1.1],
    ['0.07', 'numberOutside'],
    ['2.01', 'numberOutside'],
    ['-1', 'numberOutside'],
    ['1.005', 'numberDecimals'],
    ['1.2.3', 'numberOutside'],
    ['lively', 'numberOutside'],
    ['Infinity', 'numberOutside'],
    ['', undefined],
  ] as const) {
    test(`intensity “${typed}” is ${String(read)}`, () => {
      const values = readValues(talkingPhoto, { mode: 'expressive', intensity: typed });
      assert.equal(values['intensity'], typeof read === 'string' ? undefined : read);
      if (typeof read === 'string')
        assert.equal(problem('intensity', typed, { mode: 'expressive' }), `form.${read}`);
    });
  }

  for (const [typed, read] of [
    ['1', 1],
    ['1024', 1024],
    ['8192', 8192],
    ['0', 'numberOutside'],
    ['8193', 'numberOutside'],
    ['720p', 'numberOutside'],
    ['720.5', 'numberWhole'],
    // One country's thousands separator is another's decimal separator. Neither of these values may be read as 1.
    ['1,000', 'numberWhole'],
    ['1.000', 'numberWhole'],
  ] as const) {
    test(`maximum resolution “${typed}” is ${String(read)}`, () => {
      const values = readValues(talkingPhoto, { maxResolution: typed });
      assert.equal(values['maxResolution'], typeof read === 'string' ? undefined : read);
      if (typeof read === 'string') assert.equal(problem('maxResolution', typed), `form.${read}`);
    });
  }

  function problem(control: string, typed: string, others: Record<string, string> = {}): string | undefined {
    const { problems } = checkDraft(
      talkingPhoto,
      talking('0', '1', { ...others, [control]: typed }),
      audioOf(60),
    );
    assert.ok(problems.every(({ row }) => row === undefined));
    return problems.find(found => found.control === control)?.message.key;
  }
});

suite('a draft that is too large', () => {
  test('has a problem at each field whose text is too long, even if Magic Hour has no limit for it', () => {
    const draft = { ...headshots({ image }), values: { stylePrompt: 'a'.repeat(20_001) } };
    assert.deepEqual(checkDraft(headshot, draft, nothingKnown).problems, [
      {
        control: 'stylePrompt',
        message: { key: 'form.textTooLong', args: { length: 20_001, limit: 20_000 } },
      },
    ]);
    const longest = { ...draft, values: { stylePrompt: 'a'.repeat(20_000) } };
    assert.deepEqual(checkDraft(headshot, longest, nothingKnown).problems, []);
  });

  test('has a problem if it has too many rows', () => {
    const rows = (count: number) => headshots(...Array.from({ length: count }, () => ({ image })));
    assert.deepEqual(checkDraft(headshot, rows(1_000), nothingKnown).problems, []);
    assert.deepEqual(checkDraft(headshot, rows(1_001), nothingKnown).problems, [
      { control: 'submit', message: { key: 'form.tooManyRows', args: { count: 1_001, limit: 1_000 } } },
    ]);
  });
});

suite('draftSchema', () => {
  const accepts = (draft: unknown): boolean => v.is(draftSchema, draft);

  test('accepts what a form saves', () => {
    assert.ok(accepts(JSON.parse(JSON.stringify(talking('0', '1', { name: 'Anna' })))));
    assert.ok(accepts({ ...headshots({ image: { kind: 'url', url: 'https://example.com/a.png' } }) }));
  });

  test('accepts what is too long to be submitted, because a form must not lose it', () => {
    const url = `https://example.com/${'a'.repeat(8_000)}.png`;
    const typed = { stylePrompt: 'a'.repeat(100_001) };
    const inputs = Array.from({ length: 1_001 }, () => ({ image: { kind: 'url', url } as const }));
    assert.ok(accepts({ ...headshots(...inputs), values: typed }));
  });

  test("rejects what a form can't send", () => {
    const draft = talking('0', '1');
    const [row] = draft.rows;
    assert.ok(!accepts({ ...draft, rows: [{ ...row, inputs: { image: { kind: 'path', path: '/etc' } } }] }));
    assert.ok(!accepts({ ...draft, values: { name: 7 } }));
    assert.ok(!accepts(null));
  });
});
