import assert from 'node:assert/strict';
import { stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Job } from '../../../src/jobs/job.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';
import { jobOf } from './job.ts';

const { DroppedFiles } = await import('../../../src/editor/form/droppedFiles.ts');
const { Uri } = await import('vscode');
const { Forms } = await import('../../../src/editor/form/forms.ts');

const nothing = () => ({ dispose() {} });

const fileOf = ({ fsPath }: { fsPath: string }) => ({ kind: 'file', uri: `file://${fsPath}` }) as const;

/** Restores a form with two dropped files. A job that used the first file has failed. */
async function scene(context: TestContext) {
  const folder = await temporaryFolder(context);
  const dropped = new DroppedFiles(join(folder, 'dropped'));
  const [first, second] = await Promise.all(
    ['a.png', 'b.png'].map(name => dropped.add(name, new TextEncoder().encode('image'))),
  );
  assert.ok(first && second);
  await utimes(dirname(first.fsPath), 1, 1);
  // The job failed before this window was opened, so it isn't among the current jobs.
  const failed = jobOf({ phase: 'failed' }, { inputs: { image: fileOf(first) } });
  const jobs = {
    current: [] as Job[],
    get: () => undefined,
    find: (id: string) => Promise.resolve(id === failed.id ? failed : undefined),
    refresh: () => Promise.resolve(),
    history: () => Promise.resolve([failed]),
    onDidChange: nothing,
  };
  const balance = { onDidChange: nothing, refresh: () => Promise.resolve(), account: {} };
  const userState = { presets: () => [] };
  const actions = { attempt: () => Promise.resolve() };
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const forms = new Forms(
    { extension: Uri.file('/extension'), jobs, actions, balance, userState, log } as never,
    Uri.file(folder),
  );
  const closing: (() => void)[] = [];
  const showing: (() => void)[] = [];
  const panel = {
    title: 'Create AI Headshot',
    webview: { onDidReceiveMessage: nothing, asWebviewUri: String, cspSource: '' },
    onDidChangeViewState: (listener: () => void) => (showing.push(listener), nothing()),
    onDidDispose: (listener: () => void) => (closing.push(listener), nothing()),
  };
  const rows = [first, second].map((file, index) => ({
    id: String(index),
    inputs: { image: fileOf(file) },
    start: '',
    end: '',
  }));
  const draft = { tool: 'headshot', rows, values: {} };
  await forms.restore(panel as never, { draft, jobs: [{ id: failed.id, row: '0' }] });
  return { first, second, closing, showing };
}

test('closing a restored form keeps the dropped file of a job that can be tried again', async context => {
  const { first, second, closing } = await scene(context);
  for (const close of closing) close();
  while (await exists(second.fsPath)) await new Promise(resolve => setImmediate(resolve));
  assert.ok(await exists(first.fsPath));
});

test('showing a form marks its dropped files as used, so that another window keeps them', async context => {
  const { first, showing } = await scene(context);
  const entry = dirname(first.fsPath);
  const marked = async () => {
    while ((await stat(entry)).mtimeMs <= 1_000) await new Promise(resolve => setImmediate(resolve));
  };
  // Restoring the form also marks the files.
  await marked();
  await utimes(entry, 1, 1);
  for (const show of showing) show();
  await marked();
});

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
