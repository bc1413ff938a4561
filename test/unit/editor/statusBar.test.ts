import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type { JobView } from '../../../src/jobs/job.ts';
import { editor } from '../support/vscode.ts';
import { FakeJobs, jobOf } from './job.ts';

const { StatusBar } = await import('../../../src/editor/statusBar.ts');

function scene(context: TestContext) {
  context.mock.timers.enable({ apis: ['Date', 'setInterval'], now: 1_000_000 });
  const jobs = new FakeJobs();
  const shown = new Set<string>();
  let onShow = () => {};
  const forms = {
    shows: (id: string) => shown.has(id),
    onDidShow: (listener: () => void) => {
      onShow = listener;
      return { dispose() {} };
    },
  };
  const statusBar = new StatusBar(jobs as never, forms);
  context.after(() => statusBar.dispose());
  return { jobs, statusBar, show: (id: string) => (shown.add(id), onShow()) };
}

const rendering = (id: string, changes: Partial<JobView> = {}): JobView => ({
  ...jobOf({ id, phase: 'waiting', projectId: id, createdOnServerAt: 1_000_000, ...changes }),
  isHere: true,
});
const failed = (id: string): JobView => ({
  ...jobOf({ id, phase: 'failed', failure: { message: { key: 'project.failed' }, resumable: false } }),
  isHere: true,
});
const label = () => editor.statusBar?.text;

suite('the status bar', () => {
  test('is empty without jobs', context => {
    const { jobs } = scene(context);
    assert.equal(label(), undefined);
    jobs.set(rendering('a'));
    jobs.set(jobOf({ id: 'a' }));
    assert.equal(label(), undefined);
  });

  test('shows phase and estimated percentage, which grows with time', context => {
    const { jobs } = scene(context);
    jobs.set(rendering('a'));
    assert.equal(label(), '$(sync~spin) Magic Hour: Rendering… 10%');
    context.mock.timers.tick(8_000);
    assert.equal(label(), '$(sync~spin) Magic Hour: Rendering… 48%');
  });

  test('estimates from what was learned from earlier jobs', context => {
    const { jobs } = scene(context);
    jobs.set({ ...rendering('a'), progress: { phase: 'waiting', usualSeconds: 8 } });
    context.mock.timers.tick(8_000);
    assert.equal(label(), '$(sync~spin) Magic Hour: Rendering… 86%');
  });

  test('shows how much of several jobs is done', context => {
    const { jobs } = scene(context);
    jobs.set(rendering('a'), rendering('b'), jobOf({ id: 'c', phase: 'queued' }));
    context.mock.timers.tick(8_000);
    assert.equal(label(), '$(sync~spin) Magic Hour: 3 jobs, 32%');
  });

  test('puts a question first', context => {
    const { jobs } = scene(context);
    jobs.set(rendering('a'), jobOf({ id: 'b', phase: 'unknown' }));
    assert.equal(label(), '$(question) Magic Hour: 1 job needs attention');
  });

  test('shows a failure until the list of jobs was opened', context => {
    const { jobs, statusBar } = scene(context);
    jobs.set(rendering('a'));
    jobs.set(failed('a'));
    assert.equal(label(), '$(error) Magic Hour: 1 job failed');
    statusBar.markSeen();
    assert.equal(label(), undefined);
  });

  test('shows a failure until its form is visible', context => {
    const { jobs, show } = scene(context);
    jobs.set(rendering('a'));
    jobs.set(failed('a'));
    show('a');
    assert.equal(label(), undefined);
  });

  test("doesn't show failures of earlier sessions", context => {
    const { jobs } = scene(context);
    jobs.set(failed('a'));
    assert.equal(label(), undefined);
  });

  test('lists the jobs with their primary actions, and file names as text', context => {
    const { jobs } = scene(context);
    jobs.set({
      ...jobOf(
        { id: 'a', phase: 'waiting' },
        { inputs: { image: { kind: 'file', uri: 'file:///w/anna.png' } } },
      ),
    });
    const tooltip = editor.statusBar?.tooltip?.value ?? '';
    assert.match(tooltip, /anna\.png: Rendering/);
    assert.match(tooltip, /\[Stop\]\(command:magicHour\.job\.stop\?%5B%7B%22id%22%3A%22a%22%7D%5D\)/);
    assert.match(tooltip, /Percentages are estimates/);
  });
});
