import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { editor } from '../support/vscode.ts';

const { folderOf } = await import('../../../src/editor/pickInputs.ts');

suite('the folder of an input in a picker', () => {
  for (const [uri, folder] of [
    ['file:///w/anna.png', ''],
    ['file:///w/people/anna.png', 'people'],
    ['file:///w/people/office/anna.png', 'people/office'],
    ['file:///elsewhere/anna.png', '/elsewhere'],
  ] as const)
    test(`is relative to the workspace (${uri})`, () => {
      editor.folders = ['/w'];
      assert.equal(folderOf({ kind: 'file', uri }), folder);
    });

  test('is the host of a URL', () => {
    assert.equal(folderOf({ kind: 'url', url: 'https://example.com/a/b.png' }), 'example.com');
  });
});
