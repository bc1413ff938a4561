import assert from 'node:assert/strict';
import { utimes, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { imageToVideo } from '../../../src/tools/imageToVideo.ts';
import { autoSubtitles } from '../../../src/tools/autoSubtitles.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';

const { InputFacts } = await import('../../../src/editor/form/inputFacts.ts');
const { LocalFiles } = await import('../../../src/editor/form/localFiles.ts');
const { prepareSubmission } = await import('../../../src/editor/form/submission.ts');

test("doesn't submit at a price higher than the one the page showed", async context => {
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const facts = new InputFacts(new LocalFiles(await temporaryFolder(context)), log, () => undefined);
  // The video has 25 frames per second. Until the frame rate is known, the price is for 24.
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

test("ignores a file that the options don't use, even if it has changed", async context => {
  const folder = await temporaryFolder(context);
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const facts = new InputFacts(new LocalFiles(folder), log, () => undefined);
  const sample = join(import.meta.dirname, '..', '..', 'sample-workspace', 'portraits', 'anna.png');
  const endPath = join(folder, 'end.png');
  await writeFile(endPath, await readFile(sample));
  const image = { kind: 'file', uri: pathToFileURL(sample).href } as const;
  const endImage = { kind: 'file', uri: pathToFileURL(endPath).href } as const;
  const rows = [{ id: 'r', inputs: { image, endImage }, start: '', end: '' }];
  for (const source of [image, endImage]) await facts.renew([{ source, kind: 'image' }]);
  await utimes(endPath, new Date(), new Date(Date.now() + 5_000));
  const draft = { tool: 'imageToVideo', rows, values: { model: 'wan-2.2' } };
  const submission = await prepareSubmission(imageToVideo, draft, facts);
  assert.deepEqual('requests' in submission && submission.requests[0]?.inputs, { image });
});
