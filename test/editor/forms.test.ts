import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { formViewType } from '../../src/editor/form/formViewType.ts';
import type { SavedForm } from '../../src/shared/protocol.ts';
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

  it('is restored with its page', async () => {
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
    const roots = panel.webview.options.localResourceRoots ?? [];
    assert.ok(roots.every(root => !root.path.startsWith(workspaceFolder().path)));
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
