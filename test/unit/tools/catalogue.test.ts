import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readValues, type DraftProblem } from '../../../src/shared/draft.ts';
import { requiredInputs } from '../../../src/tools/tool.ts';
import { findTool, toolOf, tools } from '../../../src/tools/index.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';

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

      test('its clip is a part of an input that it needs and that has a length', () => {
        if (!tool.clip) return;
        const input = requiredInputs(tool).find(({ id }) => id === tool.clip?.input);
        assert.ok(input && input.accepts !== 'image');
      });

      test('its defaults and suggestions are values it accepts', () => {
        const problemsOf = (typed: Record<string, string>) => {
          const problems: DraftProblem[] = [];
          readValues(tool, typed, problems);
          return problems.filter(({ message }) => message.key !== 'form.textMissing');
        };
        assert.deepEqual(problemsOf({}), []);
        for (const field of tool.fields) {
          if (field.type !== 'number') continue;
          for (const value of field.suggestions ?? [])
            assert.deepEqual(problemsOf({ [field.id]: String(value) }), []);
        }
      });
    });
  }
});
