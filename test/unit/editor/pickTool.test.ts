import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { toolOf, tools } from '../../../src/tools/index.ts';
import '../support/vscode.ts';

const { priceText } = await import('../../../src/editor/pickTool.ts');

suite('the price in the list of tools', () => {
  for (const [id, words] of [
    ['headshot', '50 credits'],
    ['faceEditor', '1 credit'],
    ['qrCode', 'Free'],
    ['imageUpscaler', 'from 25 credits'],
    ['imageGenerator', 'from 5 credits'],
    ['talkingPhoto', 'from 24 credits per second'],
    ['videoTranslator', '72 credits per second'],
  ] as const)
    test(`is the lowest (${id})`, () => assert.equal(priceText(toolOf(id)), words));

  test('is known for every tool', () => {
    for (const tool of tools) assert.doesNotMatch(priceText(tool), /NaN|Infinity/, tool.id);
  });
});
