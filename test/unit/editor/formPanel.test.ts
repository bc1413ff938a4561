import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { FormState, HostMessage, PageRequest } from '../../../src/shared/protocol.ts';
import type { Draft } from '../../../src/shared/draft.ts';
import type { JobRequest, JobView } from '../../../src/jobs/job.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { editor } from '../support/vscode.ts';
import { FakeJobs, jobOf } from './job.ts';

const { Uri } = await import('vscode');
const { Forms } = await import('../../../src/editor/form/forms.ts');

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise(resolve => setImmediate(resolve));
};
const nothing = () => ({ dispose() {} });
const draft: Draft = {
  tool: 'headshot',
  rows: [
    { id: 'r', inputs: { image: { kind: 'url', url: 'https://example.com/a.png' } }, start: '', end: '' },
  ],
  values: {},
};

/** Restores a form whose page sends requests to the host. */
async function scene(context: TestContext) {
  editor.folders = ['/w'];
  const folder = await temporaryFolder(context);
  const submitted: JobRequest[] = [];
  class Jobs extends FakeJobs {
    find = (id: string) => Promise.resolve(this.get(id));
    refresh = () => Promise.resolve();
    submit(requests: readonly JobRequest[]): Promise<readonly JobView[]> {
      submitted.push(...requests);
      this.set(jobOf({ id: `job${submitted.length}`, phase: 'queued' }, requests[0]));
      return Promise.resolve(this.current.slice(-1));
    }
  }
  const jobs = new Jobs();
  const errors: string[] = [];
  const actions = {
    attempt: (run: () => Promise<void>) => run().catch((e: Error) => errors.push(e.message)),
  };
  const balance = {
    onDidChange: nothing,
    refresh: () => Promise.resolve(++balance.reads),
    reads: 0,
    account: {},
  };
  const resolve = () => Promise.resolve();
  const userState = { presets: () => [], rememberValues: resolve, addRecent: resolve };
  const signIn = { ensure: () => Promise.resolve(true) };
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const extension = join(folder, 'extension');
  const forms = new Forms(
    { extension: Uri.file(extension), jobs, actions, signIn, balance, userState, log } as never,
    Uri.file(folder),
  );
  const open = async () => {
    const replies: ((message: HostMessage) => void)[] = [];
    let ask: ((message: unknown) => void) | undefined;
    const panel = {
      title: '',
      visible: true,
      webview: {
        html: '',
        onDidReceiveMessage: (listener: typeof ask) => ((ask = listener), nothing()),
        postMessage(message: HostMessage) {
          if (message.type !== 'state') replies[message.request]?.(message);
          return Promise.resolve(true);
        },
        asWebviewUri: String,
        cspSource: '',
      },
      onDidChangeViewState: nothing,
      onDidDispose: nothing,
    };
    await forms.restore(panel as never, { draft, jobs: [] });
    const request = (body: PageRequest) =>
      new Promise<HostMessage>(resolve => {
        replies.push(resolve);
        ask?.({ request: replies.length - 1, body });
      });
    return { panel, request };
  };
  return { forms, balance, jobs, submitted, errors, extension, open, ...(await open()) };
}

suite('a form', () => {
  test('submits once for several requests', async context => {
    const { submitted, request } = await scene(context);
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await request({ type: 'submit', draft, credits: 50 }), {
        type: 'reply',
        request: n,
        value: { accepted: true },
      });
    assert.equal(submitted.length, 1);
  });

  test('asks for the balance when the user comes back to it, but not while it is hidden', async context => {
    const { forms, balance, panel } = await scene(context);
    const before = balance.reads;
    forms.refresh();
    assert.equal(balance.reads, before + 1);
    panel.visible = false;
    forms.refresh();
    assert.equal(balance.reads, before + 1);
  });

  test('submits again once its job was removed from the list', async context => {
    const { jobs, submitted, request } = await scene(context);
    await request({ type: 'submit', draft, credits: 50 });
    jobs.current = [];
    await request({ type: 'submit', draft, credits: 50 });
    assert.equal(submitted.length, 2);
  });

  test('shows the job of its last submission, even if it was saved before the form was restored', async context => {
    const { jobs, submitted, open } = await scene(context);
    jobs.set(jobOf({ phase: 'saved' }, { row: 'r' }));
    const { request } = await open();
    await request({ type: 'submit', draft, credits: 50 });
    assert.equal(submitted.length, 0);
  });

  test('keeps a text that is too long, and says so when it is submitted', async context => {
    const { submitted, request } = await scene(context);
    const typed = { ...draft, values: { stylePrompt: 'a'.repeat(20_001) } };
    await request({ type: 'draft', draft: typed });
    const ready = await request({ type: 'ready' });
    assert.ok(ready.type === 'reply');
    assert.deepEqual((ready.value as FormState).draft, typed);
    const submit = await request({ type: 'submit', draft: typed, credits: 50 });
    assert.ok(submit.type === 'reply');
    assert.match(JSON.stringify(submit.value), /form\.textTooLong/);
    assert.equal(submitted.length, 0);
  });

  test('takes a dropped file with the longest name that file systems allow', async context => {
    const { request } = await scene(context);
    const name = `${'a'.repeat(251)}.png`;
    const reply = await request({
      type: 'dropFile',
      row: 'r',
      input: 'image',
      name,
      bytes: new Uint8Array(1),
    });
    assert.equal(reply.type, 'reply');
  });

  test("says why its page can't be opened, and tries again with the next form", async context => {
    const { errors, extension, open } = await scene(context);
    await until(() => errors.length > 0);
    assert.match(errors[0] ?? '', /ENOENT/);
    const folder = join(extension, 'dist', 'webview');
    await mkdir(folder, { recursive: true });
    for (const name of ['form.js', 'form.css']) await writeFile(join(folder, name), '');
    const { panel } = await open();
    await until(() => panel.webview.html !== '');
  });
});
