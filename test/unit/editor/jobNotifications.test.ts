import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { Job, JobView } from '../../../src/jobs/job.ts';
import { editor } from '../support/vscode.ts';
import { FakeJobs, jobOf } from './job.ts';

const { registerJobNotifications } = await import('../../../src/editor/jobNotifications.ts');

function scene(shown: readonly string[] = []) {
  const jobs = new FakeJobs();
  const performed: string[] = [];
  const actions = {
    attempt: (run: () => unknown) => Promise.resolve(run()),
    perform: (action: string, job: Job) => (performed.push(`${action} ${job.id}`), Promise.resolve()),
  };
  registerJobNotifications(jobs as never, actions as never, id => shown.includes(id));
  return { jobs, performed };
}

const settle = () => new Promise(resolve => setImmediate(resolve));
const here = (changes: Partial<Job>): JobView => ({ ...jobOf(changes), isHere: true });
const noFace = here({
  phase: 'failed',
  projectId: 'p',
  failure: { message: { key: 'project.noFace' }, suggestedAction: 'retry', resumable: false },
});
const saved = here({ phase: 'saved', projectId: 'p', results: ['file:///w/anna-headshot.png'] });
const buttons = () => editor.shown[0]?.buttons.map(button => (button as { title: string }).title);

beforeEach(() => {
  editor.shown.length = 0;
  editor.choice = undefined;
  editor.settings = {};
});

suite('a notification', () => {
  test('about a result offers to open, reveal, and use it', async () => {
    const { jobs, performed } = scene();
    editor.choice = 'Use in…';
    jobs.set(saved);
    await settle();
    assert.deepEqual(buttons(), ['Open', 'Reveal in Explorer', 'Use in…']);
    assert.deepEqual(performed, ['useIn job1']);
  });

  test('first offers the action that helps with the failure', async () => {
    const { jobs, performed } = scene();
    editor.choice = 'Choose Another Image…';
    jobs.set(noFace);
    await settle();
    assert.deepEqual(buttons(), ['Choose Another Image…', 'Show Jobs']);
    assert.deepEqual(performed, ['chooseImage job1']);
  });

  test("doesn't say that nothing was charged if an earlier project was", async () => {
    const again = here({
      phase: 'failed',
      failure: { message: { key: 'api.credits.insufficient' }, resumable: false },
    });
    scene().jobs.set(again);
    scene().jobs.set({ ...again, earlierProjects: ['p'], earlierCredits: 50 });
    await settle();
    assert.deepEqual(
      editor.shown.map(({ words }) => words.includes('weren’t charged')),
      [true, false],
    );
  });

  test('about a create request without a response first offers the library', async () => {
    scene().jobs.set(here({ phase: 'unknown' }));
    await settle();
    assert.deepEqual(buttons(), ['Open My Library', 'Answer…', 'Show Jobs']);
  });

  for (const [what, job] of [
    ['failed', noFace],
    ['was saved', saved],
    ['needs an answer', here({ phase: 'unknown' })],
  ] as const)
    test(`does not appear when a job ${what} whose form is visible`, async () => {
      scene(['job1']).jobs.set(job);
      await settle();
      assert.deepEqual(editor.shown, []);
    });

  test("still opens results in front of a visible form when that's set", async () => {
    editor.settings['magicHour.openResult'] = 'always';
    const { jobs, performed } = scene(['job1']);
    jobs.set(saved);
    await settle();
    assert.deepEqual(performed, ['open job1']);
  });

  for (const last of ['failed', 'stopped'] as const)
    test(`about the results of a batch appears even if its last job ${last}`, async () => {
      editor.settings['magicHour.openResult'] = 'always';
      const { jobs, performed } = scene();
      jobs.set(saved, here({ id: 'job2', phase: 'waiting' }));
      jobs.set(here({ ...noFace, id: 'job2', phase: last }));
      await settle();
      assert.deepEqual(performed, ['open job1']);
    });

  test('about a missing key appears once for several jobs', async () => {
    const { jobs } = scene();
    const blocked = { message: { key: 'api.key.refused' }, suggestedAction: 'setApiKey' } as const;
    jobs.set(here({ id: 'a', phase: 'queued', blocked }), here({ id: 'b', phase: 'queued', blocked }));
    await settle();
    assert.equal(editor.shown.length, 1);
    assert.deepEqual(buttons(), ['Set API Key…', 'Show Jobs']);
  });

  test('appears once each time a job ends', async () => {
    const { jobs } = scene();
    jobs.set(noFace);
    jobs.set({ ...noFace, updatedAt: noFace.updatedAt + 1 });
    await settle();
    assert.equal(editor.shown.length, 1);
    jobs.set({ ...here({ phase: 'waiting' }), progress: { phase: 'waiting' } });
    jobs.set(noFace);
    await settle();
    assert.equal(editor.shown.length, 2);
  });
});
