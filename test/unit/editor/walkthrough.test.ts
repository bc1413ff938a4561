import assert from 'node:assert/strict';
import { join } from 'node:path';
import { beforeEach, suite, test } from 'node:test';
import { editor, remote } from '../support/vscode.ts';
import { FakeJobs } from './job.ts';

const { Uri } = await import('vscode');
const { registerWalkthrough } = await import('../../../src/editor/walkthrough.ts');

const key = { get: () => Promise.resolve(undefined), onDidChange: () => ({ dispose() {} }) };
const extension = Uri.file(join(import.meta.dirname, '..', '..', '..'));
const portrait = '/w/magic-hour-samples/portrait.jpg';
const mine = new TextEncoder().encode('mine');

function addSamples(): unknown {
  registerWalkthrough(key as never, new FakeJobs() as never, { createdTools: [] } as never, extension);
  return editor.registered.get('magicHour.addSampleFiles')?.();
}

beforeEach(() => {
  editor.folders = ['memfs://x/w'];
  remote.clear();
});

suite('adding sample files', () => {
  test('adds those that are missing', async () => {
    remote.files.set(portrait, mine);
    await addSamples();
    assert.deepEqual([...remote.files.keys()].toSorted(), [portrait, '/w/magic-hour-samples/voice.mp3']);
    assert.equal(remote.files.get(portrait), mine);
  });

  test("doesn't overwrite a file that can't be checked", async () => {
    remote.files.set(portrait, mine);
    remote.interfere = operation => {
      if (operation === 'stat') throw new Error('offline');
    };
    await assert.rejects(async () => addSamples());
    assert.equal(remote.files.get(portrait), mine);
  });
});
