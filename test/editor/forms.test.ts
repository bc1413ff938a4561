import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { formViewType } from '../../src/editor/form/formViewType.ts';
import type { FormState, SavedForm } from '../../src/shared/protocol.ts';
import { until } from '../e2e/harness/until.ts';
import { signedIn, workspaceFolder } from './support/extension.ts';

describe('A form after a reload', () => {
  const panels: vscode.WebviewPanel[] = [];
  const newPanel = () => {
    const panel = vscode.window.createWebviewPanel(formViewType, 'AI Headshot', vscode.ViewColumn.Active);
    panels.push(panel);
    return panel;
  };
  afterEach(() => vscode.Disposable.from(...panels.splice(0)).dispose());

  it('is restored with its page and the name of its file', async () => {
    const { app } = await signedIn();
    const image = vscode.Uri.joinPath(workspaceFolder(), 'portraits', 'anna.png').toString();
    const saved: SavedForm = {
      draft: {
        tool: 'headshot',
        rows: [{ id: 'a', inputs: { image: { kind: 'file', uri: image } }, start: '', end: '' }],
        values: { name: 'Anna', stylePrompt: '' },
      },
      jobs: [],
    };
    const panel = newPanel();
    await (await app.start()).forms.restore(panel, saved);
    assert.ok(panel.webview.options.enableScripts);
    await until('the page', async () => panel.webview.html !== '');
    assert.match(panel.webview.html, /Content-Security-Policy/);
    assert.equal(panel.title, 'AI Headshot: anna.png');
    const roots = panel.webview.options.localResourceRoots ?? [];
    assert.ok(roots.every(root => !root.path.startsWith(workspaceFolder().path)));
  });

  it('needs no file to start: script, style, state and a small image are in its HTML', async () => {
    const { app } = await signedIn();
    const image = vscode.Uri.joinPath(workspaceFolder(), 'portraits', 'anna.png');
    const inputs = { image: { kind: 'file' as const, uri: image.toString() } };
    const draft = { tool: 'headshot', rows: [{ id: 'a', inputs, start: '', end: '' }], values: {} };
    const panel = newPanel();
    await (await app.start()).forms.restore(panel, { draft, jobs: [] });
    await until('the page', async () => panel.webview.html !== '');
    const { html } = panel.webview;
    assert.doesNotMatch(html.replace(/<script[^]*?<\/script>/g, ''), /\b(?:src|href)=/);
    assert.doesNotMatch(html, /<script[^>]*\bsrc=/);
    const [, json = ''] = /<script type="application\/json" id="state">([^]*?)<\/script>/.exec(html) ?? [];
    const { assets }: FormState = JSON.parse(json);
    const asset = assets[image.toString()];
    assert.ok(asset?.status === 'ready');
    assert.equal(asset.content, Buffer.from(await vscode.workspace.fs.readFile(image)).toString('base64'));
  });

  it('removes its copies of dropped files when it is closed', async () => {
    const { app, context } = await signedIn();
    const folder = vscode.Uri.joinPath(context.globalStorageUri, 'dropped', crypto.randomUUID());
    const copy = vscode.Uri.joinPath(folder, 'anna.png');
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(workspaceFolder(), 'portraits', 'anna.png'), copy);
    const inputs = { image: { kind: 'file' as const, uri: copy.toString() } };
    const draft = { tool: 'headshot', rows: [{ id: 'a', inputs, start: '', end: '' }], values: {} };
    const panel = newPanel();
    await (await app.start()).forms.restore(panel, { draft, jobs: [] });
    await until('the page', async () => panel.webview.html !== '');
    assert.ok(await exists(copy));
    panel.dispose();
    await until('the copy to be removed', async () => !(await exists(folder)));
  });

  it('is closed when its saved state is invalid', async () => {
    const { app } = await signedIn();
    const { forms } = await app.start();
    for (const state of [undefined, null, {}, { draft: { tool: 'nothing', rows: [] }, jobs: [] }, 'x']) {
      const panel = newPanel();
      const closed = new Promise(resolve => panel.onDidDispose(resolve));
      await forms.restore(panel, state);
      await closed;
    }
  });
});

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
