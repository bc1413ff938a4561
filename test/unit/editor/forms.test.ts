import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Job } from '../../../src/jobs/job.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';
import { jobOf } from './job.ts';

const { DroppedFiles } = await import('../../../src/editor/form/droppedFiles.ts');
const { Uri } = await import('vscode');
const { Forms } = await import('../../../src/editor/form/forms.ts');

const nothing = () => ({ dispose() {} });

test('closing a restored form keeps the dropped file of a job that can be tried again', async context => {
  const folder = await temporaryFolder(context);
  const dropped = new DroppedFiles(join(folder, 'dropped'));
  const [kept, gone] = await Promise.all(
    ['a.png', 'b.png'].map(name => dropped.add(name, new TextEncoder().encode('image'))),
  );
  assert.ok(kept && gone);
  const fileOf = ({ fsPath }: { fsPath: string }) => ({ kind: 'file', uri: `file://${fsPath}` }) as const;
  // It failed before this window was opened, so it isn't among the current jobs.
  const failed = jobOf({ phase: 'failed' }, { inputs: { image: fileOf(kept) } });
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
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const forms = new Forms(
    { extension: Uri.file('/extension'), jobs, balance, userState, log } as never,
    Uri.file(folder),
  );
  const closing: (() => void)[] = [];
  const panel = {
    webview: { onDidReceiveMessage: nothing, asWebviewUri: String },
    onDidChangeViewState: nothing,
    onDidDispose: (listener: () => void) => (closing.push(listener), nothing()),
  };
  const rows = [kept, gone].map((file, index) => ({
    id: String(index),
    inputs: { image: fileOf(file) },
    start: '',
    end: '',
  }));
  const draft = { tool: 'headshot', rows, values: {} };
  await forms.restore(panel as never, { draft, jobs: [{ id: failed.id, row: '0' }] });
  for (const close of closing) close();
  while (await exists(gone.fsPath)) await new Promise(resolve => setImmediate(resolve));
  assert.ok(await exists(kept.fsPath));
});

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
