import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Job, JobView } from '../../../src/jobs/job.ts';
import '../support/vscode.ts';
import { FakeJobs, jobOf } from './job.ts';

const { JobTree } = await import('../../../src/editor/jobsView/jobTree.ts');

function scene(...stored: Job[]) {
  let reads = 0;
  const jobs = Object.assign(new FakeJobs(), {
    history: () => {
      reads++;
      return Promise.resolve(stored);
    },
  });
  const tree = new JobTree(jobs as never);
  const rows = async () => {
    const shown: string[] = [];
    for (const group of await tree.getChildren())
      for (const job of await tree.getChildren(group)) {
        const { label, description } = tree.getTreeItem(job) as { label: string; description: string };
        shown.push(`${label}: ${description}`);
      }
    return shown;
  };
  return { jobs, tree, rows, reads: () => reads };
}

const named = (name: string, changes: Partial<JobView>): JobView =>
  jobOf(
    { id: name, createdAt: Date.now(), ...changes },
    {
      inputs: { image: { kind: 'file', uri: `file:///w/${name}.png` } },
    },
  );

suite('the jobs view', () => {
  test('shows jobs that need attention first, with state, tool, credits, and time', async () => {
    const { jobs, rows } = scene(named('saved', { creditsCharged: 50 }));
    jobs.set(
      named('rendering', { phase: 'waiting', projectId: 'p', createdOnServerAt: Date.now() }),
      named('failed', { phase: 'failed', failure: { message: { key: 'project.noFace' }, resumable: false } }),
      named('unknown', { phase: 'unknown' }),
    );
    const shown = await rows();
    assert.deepEqual(
      shown.map(row => row.split(':')[0]),
      ['unknown.png', 'rendering.png', 'failed.png', 'saved.png'],
    );
    assert.match(shown[1] ?? '', /Rendering… \d+% · AI Headshot · about 50 credits · now/);
    assert.match(shown[2] ?? '', /couldn’t find a face/);
    assert.match(shown[3] ?? '', /AI Headshot · 50 credits · now/);
  });

  test('reads ended jobs from disk once while jobs of this window change', async () => {
    const { jobs, tree, rows, reads } = scene(named('a', {}));
    await rows();
    for (const phase of ['queued', 'waiting', 'saved'] as const) {
      jobs.set(named('b', { phase }));
      tree.refresh(true);
      assert.equal((await rows()).length, 2);
    }
    assert.equal(reads(), 1);
    tree.refresh();
    await rows();
    assert.equal(reads(), 2);
  });
});
