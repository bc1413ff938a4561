import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../support/vscode.ts';
import { jobOf } from './job.ts';

const { formJob } = await import('../../../src/editor/form/formJob.ts');
const { jobItem } = await import('../../../src/editor/jobsView/jobItem.ts');
const { jobReport } = await import('../../../src/editor/agents/jobReport.ts');

test('a job is shown with what all of its projects cost', async () => {
  const job = jobOf({ projectId: 'p2', creditsCharged: 50, earlierProjects: ['p1'], earlierCredits: 50 });
  assert.equal((await formJob(job, 'r')).charged, 100);
  assert.match(String(jobItem(job).description), /100 credits/);
  assert.equal((jobReport(job) as { creditsCharged: number }).creditsCharged, 100);
});

test('a result is shown by its format: a GIF generator can also create videos', async () => {
  const shown = async (name: string) => {
    const job = jobOf({ results: [`file:///w/${name}`] }, { tool: 'gifGenerator', inputs: {} });
    const [result] = (await formJob(job, 'r')).results;
    return [result?.kind, result?.mediaType];
  };
  assert.deepEqual(await shown('wave.gif'), ['image', 'image/gif']);
  assert.deepEqual(await shown('wave.mp4'), ['video', 'video/mp4']);
  assert.deepEqual(await shown('wave.webm'), ['video', 'video/webm']);
});
