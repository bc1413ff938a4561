import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readValues, type DraftProblem } from '../../../src/shared/draft.ts';
import { requiredInputs } from '../../../src/tools/tool.ts';
import { findTool, toolOf, tools } from '../../../src/tools/index.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';

// facts.test.ts tests all other prices.
test('charges a talking photo per started frame, regardless of floating-point noise', () => {
  const credits = (mode: string, seconds: number) => talkingPhoto.price({ mode }, seconds).credits;
  assert.equal(credits('prompted', 0.05), 2);
  assert.equal(credits('prompted', 0.1 + 0.15), 6);
  assert.equal(credits('prompted', 0), 0);
});

test('shows the prices that were charged in published runs', () => {
  const credits = (id: string, values: Record<string, string>, seconds: number, frameRate?: number) =>
    toolOf(id).price(readValues(toolOf(id), values), seconds, frameRate).credits;
  assert.equal(credits('talkingPhoto', {}, 3.920042), 190);
  assert.equal(credits('lipSync', { mode: 'standard', maxFrameRate: '24' }, 3.920042), 95);
  assert.equal(credits('audioToVideo', { resolution: '720p' }, 8), 384);
  assert.equal(credits('imageEditor', { model: 'qwen-edit' }, 0), 10);
});

suite('the list of tools', () => {
  test('finds a tool by its ID, or throws', () => {
    for (const tool of tools) assert.equal(findTool(tool.id), tool);
    assert.equal(findTool('constructor'), undefined);
    assert.throws(() => toolOf('nonesuch'), /No tool "nonesuch"/);
  });

  for (const tool of tools) {
    suite(tool.id, () => {
      test('has unique IDs and places in the request', () => {
        for (const key of ['id', 'command', 'resultSuffix'] as const)
          assert.deepEqual(
            tools.filter(other => other[key] === tool[key]).map(({ id }) => id),
            [tool.id],
            `${key} ${tool[key]}`,
          );
        const controls = [...tool.inputs, ...tool.fields].map(({ id }) => id);
        assert.equal(new Set([...controls, 'start', 'end']).size, controls.length + 2);
        const places = tool.fields.map(({ wire }) => wire.join('.'));
        assert.equal(new Set(places).size, places.length);
      });

      test('has a result suffix that is safe in file names', () => {
        assert.match(tool.resultSuffix, /^[a-z]+(-[a-z]+)*$/);
      });

      test('has a clip only of a required input with a length', () => {
        if (!tool.clip) return;
        const input = requiredInputs(tool).find(({ id }) => id === tool.clip?.input);
        assert.ok(input && input.accepts !== 'image');
      });

      test('accepts its defaults and suggestions', () => {
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
