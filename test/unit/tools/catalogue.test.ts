import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readValues } from '../../../src/shared/draft.ts';
import { findTool, toolOf, tools } from '../../../src/tools/index.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import type { Field } from '../../../src/tools/tool.ts';

// Everything else about prices: facts.test.ts.
test('a talking photo is charged by the frame: started frames count, floating point noise does not', () => {
  const credits = (mode: string, seconds: number) => talkingPhoto.price({ mode }, seconds).credits;
  // A published run of this length was charged 190 credits.
  assert.equal(credits('realistic', 3.920042), 190);
  assert.equal(credits('prompted', 0.05), 2);
  assert.equal(credits('prompted', 0.1 + 0.15), 6);
  assert.equal(credits('prompted', 0), 0);
});

suite('the catalogue', () => {
  test('finds a tool by its id, and says when there is none', () => {
    for (const tool of tools) assert.equal(findTool(tool.id), tool);
    assert.equal(findTool('constructor'), undefined);
    assert.throws(() => toolOf('nonesuch'), /No tool "nonesuch"/);
  });

  for (const tool of tools) {
    suite(tool.id, () => {
      test('what identifies its parts is unique', () => {
        for (const key of ['id', 'command', 'resultSuffix'] as const)
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
