import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { beforeEach, suite, test } from 'node:test';
import { editor } from '../support/vscode.ts';

const { destinationOf } = await import('../../../src/editor/destination.ts');
const { settings } = await import('../../../src/editor/settings.ts');
const { headshot } = await import('../../../src/tools/headshot.ts');

const image = (uri: string) => ({ image: { kind: 'file', uri } }) as const;
const folderFor = (uri: string, isOwnCopy = () => false) =>
  destinationOf(headshot, image(uri), { isOwnCopy })?.folder;

beforeEach(() => {
  editor.folders = [];
  editor.settings = {};
});

suite('a result is saved', () => {
  test('next to its input', () => {
    assert.equal(folderFor('file:///w/people/anna.png'), 'file:///w/people');
  });

  test('in the workspace when its input was dropped from outside VS Code', () => {
    editor.folders = ['/w'];
    assert.equal(
      folderFor('file:///storage/dropped/1/anna.png', () => true),
      'file:///w',
    );
  });

  test('where the user chooses when such an input has no workspace', () => {
    assert.equal(
      folderFor('file:///storage/dropped/1/anna.png', () => true),
      undefined,
    );
    editor.settings['magicHour.outputFolder'] = 'results';
    assert.equal(
      folderFor('file:///storage/dropped/1/anna.png', () => true),
      undefined,
    );
  });

  for (const [configured, folder] of [
    ['~/pictures', `${homedir()}/pictures`],
    ['~', homedir()],
    ['/abs/x', '/abs/x'],
    ['results', '/w/results'],
    ['~anna/x', '/w/~anna/x'],
  ] as const)
    test(`in "${configured}" of the setting outputFolder`, () => {
      editor.folders = ['/w'];
      editor.settings['magicHour.outputFolder'] = configured;
      const found = folderFor('file:///w/people/anna.png');
      assert.equal(found && decodeURIComponent(found.replace(/\/$/, '')), `file://${folder}`);
    });
});

suite('the setting maxConcurrentJobs', () => {
  for (const [value, count] of [
    [0, 1],
    [-3, 1],
    [2.7, 2],
    [7, 7],
    ['many', 4],
  ] as const)
    test(`counts as ${count} when it is ${value}`, () => {
      editor.settings['magicHour.maxConcurrentJobs'] = value;
      assert.equal(settings.maxConcurrentJobs.value, count);
    });
});
