import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { HumanError } from '../../../src/shared/message.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { editor } from '../support/vscode.ts';
import { jobOf } from './job.ts';

const { JobActions } = await import('../../../src/editor/jobActions.ts');
const { itemOf } = await import('../../../src/editor/pickTool.ts');
const { reportSelection } = await import('../../../src/editor/selection.ts');
const { autoSubtitles } = await import('../../../src/tools/autoSubtitles.ts');
const { backgroundRemover } = await import('../../../src/tools/backgroundRemover.ts');
const { headshot } = await import('../../../src/tools/headshot.ts');

const settle = () => new Promise(resolve => setImmediate(resolve));

function scene() {
  const done: string[] = [];
  const logged: unknown[] = [];
  const opened: unknown[] = [];
  const note = (name: string) => (id: string) => (done.push(`${name} ${id}`), Promise.resolve());
  const jobs = { resume: note('resume'), retry: note('retry') };
  const log = { error: (error: unknown) => void logged.push(error), show: () => void done.push('log') };
  const openForm = (request: unknown) => void opened.push(request);
  const signIn = { ensure: () => Promise.resolve(true) };
  return { done, logged, opened, actions: new JobActions({ jobs, signIn, log, openForm } as never) };
}

beforeEach(() => {
  editor.shown.length = 0;
  editor.choice = undefined;
});

suite('an action that fails', () => {
  test('shows why, without links from the server', async () => {
    const words = 'No [way](command:workbench.action.quit) <b>';
    await scene().actions.attempt(() => Promise.reject(new HumanError('api.project.kept', { words })));
    assert.equal(editor.shown.length, 1);
    assert.match(editor.shown[0]?.words ?? '', /^Magic Hour didn’t delete the project: No /);
    assert.doesNotMatch(editor.shown[0]?.words ?? '', /\[|\]|command:|</);
  });

  test('is repeated by "Try Again", without paying for the job again', async () => {
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

  test('hides the details of a bug and logs them', async () => {
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

test('copies a result as Markdown with a working link, even if its name has special characters', async () => {
  editor.folders = ['/w'];
  for (const [name, label, target] of [
    ['a-headshot.png', 'a-headshot.png', 'a-headshot.png'],
    ['Zoë #1 100%?.png', 'Zoë #1 100%?.png', 'Zo%C3%AB%20%231%20100%25%3F.png'],
    ['a) [b] (c.png', 'a) \\[b\\] (c.png', 'a%29%20%5Bb%5D%20%28c.png'],
  ] as const)
    for (const [folder, place] of [
      ['/w/sub', 'sub/'],
      ['/elsewhere', 'file:///elsewhere/'],
    ] as const) {
      const result = `file://${folder}/${name.split('').map(encodeURIComponent).join('')}`;
      await scene().actions.perform('copyMarkdown', jobOf({ results: [result] }));
      assert.equal(editor.copied, `![${label}](${place}${target})`);
    }
});

suite('trying again', () => {
  const failed = (resumable: boolean) =>
    jobOf({
      phase: 'failed',
      projectId: 'cm1',
      failure: { message: { key: 'api.download.truncated' }, suggestedAction: 'retry', resumable },
    });
  const unpaid = jobOf({ phase: 'failed', posts: 1, refusals: 1 });

  test("resumes a project that's already paid for", async () => {
    const { actions, done } = scene();
    await actions.suggestedAction('retry', failed(true));
    assert.deepEqual(done, [`resume ${failed(true).id}`]);
    assert.deepEqual(editor.shown, []);
  });

  test('asks before paying again for something that may have been created', async () => {
    const { actions, done } = scene();
    await actions.perform('retry', jobOf({ phase: 'stopped', posts: 1, refusals: 0 }));
    assert.equal(editor.shown[0]?.kind, 'warning');
    assert.deepEqual(done, []);
  });

  test('asks before a failed project is created and charged again', async () => {
    const { actions, done } = scene();
    await actions.suggestedAction('retry', failed(false));
    assert.equal(editor.shown[0]?.kind, 'warning');
    assert.deepEqual(done, []);
  });

  test('shows the price of a job that was never paid, and submits it only after approval', async () => {
    const { actions, done } = scene();
    await actions.perform('retry', unpaid);
    assert.deepEqual(editor.shown[0]?.buttons[0], {
      modal: true,
      detail: 'About 50 credits will be charged.',
    });
    assert.deepEqual(done, []);

    editor.choice = 'Create';
    await actions.perform('retry', unpaid);
    assert.deepEqual(done, [`retry ${unpaid.id}`]);
  });
});

suite('the price of another attempt', () => {
  const detailFor = async (request: Parameters<typeof jobOf>[1]) => {
    await scene().actions.perform('retry', jobOf({ phase: 'failed', posts: 1, refusals: 1 }, request));
    return (editor.shown[0]?.buttons[0] as { detail?: string } | undefined)?.detail;
  };

  test('is the current one, even if it was lower when the job was submitted', async () => {
    const detail = await detailFor({
      tool: 'talkingPhoto',
      values: { mode: 'prompted' },
      clip: { start: 0, end: 10 },
      estimate: { credits: 200, exact: false },
    });
    assert.equal(detail, 'About 240 credits will be charged.');
  });

  test('is shown as a lower bound if nothing else is known', async () => {
    const detail = await detailFor({
      tool: 'imageGenerator',
      values: { model: 'seedream-v4', resolution: '4k', count: '1', prompt: 'a fox' },
      estimate: { credits: 5, exact: false, from: true },
    });
    assert.match(detail ?? '', /at least \d+ credits will be charged/);
  });
});

suite('a form for another attempt', () => {
  test('has the settings of the job but not the image without a face', async () => {
    const { actions, opened } = scene();
    const job = jobOf({ phase: 'failed' }, { values: { name: 'Anna' } });
    await actions.perform('chooseImage', job);
    assert.deepEqual(opened, [{ ...job.request, inputs: {} }]);
  });
});

suite('"Use in…"', () => {
  const uri = 'file:///w/anna-headshot.png';
  const saved = { projectId: 'cm1', results: [uri], stamp: '1-2-3' };
  const openedBy = async (job: ReturnType<typeof jobOf>, tool: Tool = backgroundRemover) => {
    const { actions, opened } = scene();
    editor.choice = itemOf(tool).label;
    await actions.perform('useIn', job);
    return (opened[0] as { inputs?: unknown } | undefined)?.inputs;
  };

  test('opens a form with the result, which the server still has', async () => {
    const library = { url: 'https://magichour.ai/my-library?imageId=cm1', stamp: '1-2-3' };
    assert.deepEqual(await openedBy(jobOf(saved)), { image: { kind: 'file', uri, library } });
  });

  test('passes the file if the project was deleted, has several results, or is of another kind', async () => {
    const file = { image: { kind: 'file', uri } };
    assert.deepEqual(await openedBy(jobOf({ ...saved, deletedOnServer: true })), file);
    assert.deepEqual(await openedBy(jobOf({ ...saved, results: [uri, 'file:///w/2.png'] })), file);
    const gif = jobOf({ ...saved, results: ['file:///w/wave.webm'] });
    const inputs = await openedBy(gif, autoSubtitles);
    assert.deepEqual(inputs, { video: { kind: 'file', uri: 'file:///w/wave.webm' } });
  });
});

test('names of skipped files contain no links', () => {
  const uri = 'file:///w/%5Bx%5D(command:workbench.action.quit).txt';
  const row = { id: 'r', inputs: { image: { kind: 'file', uri: 'file:///anna.png' } }, start: '', end: '' };
  reportSelection(headshot, { rows: [row], skipped: [{ kind: 'file', uri }] } as never);
  assert.equal(editor.shown.length, 1);
  assert.doesNotMatch(editor.shown[0]?.words ?? '', /\[|\]|command:/);
});
