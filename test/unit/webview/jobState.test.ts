import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FormJob } from '../../../src/shared/protocol.ts';
import { attentionOf } from '../../../src/webview/jobState.ts';

const jobOf = (id: string, changes: Partial<FormJob>): FormJob => ({
  id,
  row: id,
  title: `${id}.png`,
  phase: 'queued',
  createdAt: 0,
  medianSeconds: 10,
  estimate: 50,
  resumable: false,
  actions: [],
  results: [],
  inputs: {},
  ...changes,
});
const blocked = { message: { key: 'api.key.refused' }, suggestedAction: 'setApiKey' } as const;
const failure = { message: { key: 'project.noFace' } } as const;

test('jobs that wait for the same thing ask for it once, and each failure is shown', () => {
  const shown = attentionOf([
    jobOf('a', { blocked }),
    jobOf('b', { phase: 'failed', failure }),
    jobOf('c', { blocked }),
    jobOf('d', { phase: 'failed', failure }),
    jobOf('e', { phase: 'saved' }),
    jobOf('f', { phase: 'waiting' }),
  ]);
  assert.deepEqual(
    shown.map(({ job, count }) => [job.id, count]),
    [
      ['a', 2],
      ['b', 1],
      ['d', 1],
    ],
  );
});
