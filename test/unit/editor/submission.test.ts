import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { autoSubtitles } from '../../../src/tools/autoSubtitles.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';

const { InputFacts } = await import('../../../src/editor/form/inputFacts.ts');
const { LocalFiles } = await import('../../../src/editor/form/localFiles.ts');
const { prepareSubmission } = await import('../../../src/editor/form/submission.ts');

test("doesn't submit at a price higher than the one the page showed", async context => {
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const facts = new InputFacts(new LocalFiles(await temporaryFolder(context)), log, () => undefined);
  // It has 25 frames per second. Until that's known, the price is for 24.
  const path = join(import.meta.dirname, '..', '..', 'fake-api', 'sample.mp4');
  const video = { kind: 'file', uri: pathToFileURL(path).href } as const;
  const shownCredits = 10;
  const rows = [{ id: 'r', inputs: { video }, start: '0', end: '2.05' }];
  const draft = { tool: 'autoSubtitles', rows, values: {} };
  assert.deepEqual(await prepareSubmission(autoSubtitles, draft, facts, { shownCredits }), {
    problems: [
      { control: 'submit', message: { key: 'form.priceNow', args: { price: 11, before: shownCredits } } },
    ],
  });
  const submission = await prepareSubmission(autoSubtitles, draft, facts, { shownCredits: 11 });
  assert.ok('requests' in submission);
  assert.equal(submission.requests[0]?.estimate.credits, 11);
});
