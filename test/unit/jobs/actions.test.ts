import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { actionsFor } from '../../../src/jobs/actions.ts';
import type { Job, JobFailure } from '../../../src/jobs/job.ts';
import { jobOf } from '../editor/job.ts';

const failed = (failure: Partial<JobFailure>, changes: Partial<Job> = {}) =>
  actionsFor(
    jobOf({
      phase: 'failed',
      failure: { message: { key: 'project.failed' }, resumable: false, ...failure },
      ...changes,
    }),
  );

suite('the actions of a job', () => {
  test('start with opening the result', () => {
    const saved = actionsFor(jobOf({ projectId: 'p', results: ['file:///w/anna-headshot.png'] }));
    assert.deepEqual(saved, [
      'open',
      'reveal',
      'copyPath',
      'copyMarkdown',
      'useIn',
      'createAgain',
      'openLibrary',
      'deleteOnServer',
      'copyId',
      'remove',
    ]);
  });

  test('include the default app only for a video', () => {
    const video = actionsFor(jobOf({ results: ['file:///w/a.mp4'] }, { tool: 'talkingPhoto' }));
    assert.ok(video.includes('openExternal'));
    const image = actionsFor(jobOf({ results: ['file:///w/a.png'] }));
    assert.ok(!image.includes('openExternal'));
  });

  test('offer an image or a video as the input of another tool', () => {
    for (const tool of ['headshot', 'talkingPhoto'])
      assert.ok(actionsFor(jobOf({ results: ['file:///w/a.mp4'] }, { tool })).includes('useIn'), tool);
  });

  test('start with the library, then the answer, when a create request got no response', () => {
    assert.deepEqual(actionsFor(jobOf({ phase: 'unknown' })), ['openLibrary', 'answer']);
  });

  test('start with what a blocked job waits for, and include stopping it', () => {
    const blocked = { message: { key: 'editor.keyMissing' }, suggestedAction: 'setApiKey' } as const;
    assert.deepEqual(actionsFor(jobOf({ phase: 'queued', blocked })).slice(0, 2), ['setApiKey', 'stop']);
  });

  test('offer another image, not the same one again, when no face was found', () => {
    assert.equal(failed({ message: { key: 'project.noFace' }, suggestedAction: 'retry' })[0], 'chooseImage');
  });

  test('offer other settings first when the same request would fail again', () => {
    assert.equal(failed({ message: { key: 'project.policy' }, suggestedAction: 'retry' })[0], 'createAgain');
  });

  test('offer to resume a paid job, not to pay again', () => {
    const actions = failed({ suggestedAction: 'retry', resumable: true }, { projectId: 'p' });
    assert.equal(actions[0], 'resume');
    assert.ok(!actions.includes('retry'));
  });

  test('offer the suggested action before another attempt', () => {
    assert.deepEqual(failed({ suggestedAction: 'buyCredits' }).slice(0, 2), ['buyCredits', 'retry']);
  });

  test('name each action once', () => {
    const actions = failed({ suggestedAction: 'openLibrary' }, { projectId: 'p' });
    assert.equal(new Set(actions).size, actions.length);
  });
});
