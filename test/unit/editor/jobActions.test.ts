import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { HumanError } from '../../../src/shared/message.ts';
import { editor } from '../support/vscode.ts';
import { jobOf } from './job.ts';

const { JobActions } = await import('../../../src/editor/jobActions.ts');
const { reportSelection } = await import('../../../src/editor/selection.ts');
const { headshot } = await import('../../../src/tools/headshot.ts');

const settle = () => new Promise(resolve => setImmediate(resolve));

function scene() {
  const done: string[] = [];
  const logged: unknown[] = [];
  const note = (name: string) => (id: string) => (done.push(`${name} ${id}`), Promise.resolve());
  const jobs = { resume: note('resume'), retry: note('retry') };
  const log = { error: (error: unknown) => void logged.push(error), show: () => void done.push('log') };
  const signIn = { ensure: () => Promise.resolve(true) };
  return { done, logged, actions: new JobActions(jobs as never, signIn as never, log) };
}

beforeEach(() => {
  editor.shown.length = 0;
  editor.choice = undefined;
});

suite('an act that fails', () => {
  test('is told in words, and words of the server are no links', async () => {
    const words = 'No [way](command:workbench.action.quit) <b>';
    await scene().actions.attempt(() => Promise.reject(new HumanError('api.project.kept', { words })));
    assert.equal(editor.shown.length, 1);
    assert.match(editor.shown[0]?.words ?? '', /^Magic Hour didn’t delete the project: No /);
    assert.doesNotMatch(editor.shown[0]?.words ?? '', /\[|\]|command:|</);
  });

  test('is done again when the person says so, and the job is not paid again', async () => {
    const { actions, done } = scene();
    let times = 0;
    editor.choice = 'Try Again';
    await actions.attempt(
      () => {
        if (++times === 1) throw new HumanError('api.server', { status: 500 }, { suggestedAction: 'retry' });
      },
      jobOf({ phase: 'failed' }),
    );
    await settle();
    assert.equal(times, 2);
    assert.deepEqual(done, []);
  });

  test('of a bug says that much and writes it to the log', async () => {
    const { actions, done, logged } = scene();
    const bug = new TypeError('undefined is not a function');
    editor.choice = 'Show Log';
    await actions.attempt(() => {
      throw bug;
    });
    await settle();
    assert.deepEqual(logged, [bug]);
    assert.doesNotMatch(editor.shown[0]?.words ?? '', /undefined/);
    assert.deepEqual(done, ['log']);
  });
});

suite('trying again', () => {
  const failed = (resumable: boolean) =>
    jobOf({
      phase: 'failed',
      projectId: 'cm1',
      failure: { message: { key: 'api.download.truncated' }, suggestedAction: 'retry', resumable },
    });

  test('goes on with what was paid', async () => {
    const { actions, done } = scene();
    await actions.suggestedAction('retry', failed(true));
    assert.deepEqual(done, [`resume ${failed(true).id}`]);
    assert.deepEqual(editor.shown, []);
  });

  test('asks before paying again for what may have been made', async () => {
    const { actions, done } = scene();
    await actions.retry(jobOf({ phase: 'stopped', posts: 1, refusals: 0 }));
    assert.equal(editor.shown[0]?.kind, 'warning');
    assert.deepEqual(done, []);
  });

  test('asks before something is made and paid anew', async () => {
    const { actions, done } = scene();
    await actions.suggestedAction('retry', failed(false));
    assert.equal(editor.shown[0]?.kind, 'warning');
    assert.deepEqual(done, []);
  });
});

test('names of files that were left out are no links', () => {
  const uri = 'file:///w/%5Bx%5D(command:workbench.action.quit).txt';
  const row = { id: 'r', inputs: { image: { kind: 'file', uri: 'file:///anna.png' } }, start: '', end: '' };
  reportSelection(headshot, { rows: [row], leftOut: [{ kind: 'file', uri }] } as never);
  assert.equal(editor.shown.length, 1);
  assert.doesNotMatch(editor.shown[0]?.words ?? '', /\[|\]|command:/);
});
