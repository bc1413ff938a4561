import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editor } from '../support/vscode.ts';

const { registerJobCommands } = await import('../../../src/editor/jobsView/jobCommands.ts');
const { JobActions } = await import('../../../src/editor/jobActions.ts');

test('an action on a job that another window removed says so', async () => {
  const jobs = { find: () => Promise.resolve(undefined) };
  const actions = new JobActions({ jobs, log: { error() {} } } as never);
  registerJobCommands({ jobs, actions } as never);
  await editor.registered.get('magicHour.job.resume')?.({ id: 'job1' });
  assert.deepEqual(
    editor.shown.map(({ words }) => words),
    ['This job is no longer in the list.'],
  );
});
