import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readValues } from '../../../src/shared/draft.ts';
import { findTool, toolOf, tools } from '../../../src/tools/index.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import type { Field } from '../../../src/tools/tool.ts';
import { freshApi } from '../fake-api/support.ts';

suite('prices', () => {
  test('a headshot is 50 credits, whatever is chosen, and that is final', () => {
    assert.deepEqual(headshot.price({}, 0), { credits: 50, exact: true });
    assert.deepEqual(headshot.price({ stylePrompt: 'suit' }, 9), { credits: 50, exact: true });
  });

  for (const [mode, perSecond, limit] of [
    ['realistic', 48, 300],
    ['pro', 48, 300],
    ['stable', 48, 300],
    ['prompted', 24, 45],
    ['expressive', 24, 45],
    ['standard', 24, 45],
  ] as const) {
    test(`a talking photo in mode ${mode}: ${perSecond} a second, at most ${limit} seconds`, () => {
      assert.deepEqual(talkingPhoto.price({ mode }, 15), { credits: 15 * perSecond, exact: false });
      assert.equal(talkingPhoto.clip?.limitSeconds({ mode }), limit);
    });
  }

  test('a talking photo is charged by the frame: started frames count, floating point noise does not', () => {
    const credits = (mode: string, seconds: number) => talkingPhoto.price({ mode }, seconds).credits;
    // A published run of this length was charged 190 credits.
    assert.equal(credits('realistic', 3.920042), 190);
    assert.equal(credits('prompted', 0.05), 2);
    assert.equal(credits('prompted', 6.76), 163);
    assert.equal(credits('prompted', 0.1 + 0.15), 6);
    assert.equal(credits('prompted', 0), 0);
  });

  test('no mode means “realistic”', () => {
    assert.equal(talkingPhoto.price({}, 1).credits, 48);
    assert.equal(talkingPhoto.clip?.limitSeconds({}), 300);
  });

  test('the estimate is what the fake API settles, within its rounding to frames', async t => {
    const api = await freshApi(t, { behaviour: { clock: 'manual' } });
    for (const [mode, end] of [
      ['realistic', 3.92],
      ['prompted', 12.34],
    ] as const) {
      const { body } = await api.talkingPhoto({
        start_seconds: 0,
        end_seconds: end,
        style: { generation_mode: mode },
      });
      const id = String(body.id);
      api.control.complete(id);
      const project = await api.call('GET', `/v1/video-projects/${id}`);
      const settled = Number(project.body.credits_charged);
      const { credits } = talkingPhoto.price({ mode }, end);
      assert.ok(Math.abs(settled - credits) <= 2, `${mode}: ${credits} estimated, ${settled} settled`);
    }
  });
});

suite('the catalogue', () => {
  test('finds a tool by its id, and says when there is none', () => {
    for (const tool of tools) assert.equal(findTool(tool.id), tool);
    assert.equal(findTool('constructor'), undefined);
    assert.throws(() => toolOf('nonesuch'), /No tool "nonesuch"/);
  });

  test('every mode that the API knows can be chosen, the default first', () => {
    const mode = talkingPhoto.fields.find(field => field.id === 'mode');
    assert.ok(mode?.type === 'choice');
    assert.deepEqual(mode.choices.map(({ value }) => value).toSorted(), [
      'expressive',
      'pro',
      'prompted',
      'realistic',
      'stable',
      'standard',
    ]);
    assert.equal(mode.choices[0]?.value, mode.default);
  });

  for (const tool of tools) {
    suite(tool.id, () => {
      test('what identifies its parts is unique', () => {
        for (const key of ['id', 'command', 'path', 'resultSuffix'] as const)
          assert.equal(tools.filter(other => other[key] === tool[key]).length, 1, key);
        const controls = [...tool.inputs, ...tool.fields].map(({ id }) => id);
        assert.equal(new Set([...controls, 'start', 'end']).size, controls.length + 2);
        const places = tool.fields.map(({ wire }) => wire.join('.'));
        assert.equal(new Set(places).size, places.length);
      });

      test('its result suffix can stand in a file name', () => {
        assert.match(tool.resultSuffix, /^[a-z]+(-[a-z]+)*$/);
      });

      test('its clip is one of its audio inputs', () => {
        const input = tool.inputs.find(({ id }) => id === tool.clip?.input);
        assert.equal(input?.accepts, tool.clip && 'audio');
      });

      test('its defaults and suggestions are values it accepts', () => {
        const accepted = (field: Field, value: string | number) => {
          const always = { ...tool, fields: [{ ...field, offered: undefined }] };
          assert.deepEqual(readValues(always, { [field.id]: String(value) }), { [field.id]: value });
        };
        for (const field of tool.fields) {
          if (field.type === 'choice') {
            assert.ok(field.choices.some(({ value }) => value === field.default));
            for (const { value } of field.choices) accepted(field, value);
          }
          if (field.type === 'number') {
            for (const value of field.suggestions ?? []) accepted(field, value);
            if (field.default !== undefined) accepted(field, field.default);
          }
        }
      });
    });
  }
});
