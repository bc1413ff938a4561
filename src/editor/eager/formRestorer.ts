import * as vscode from 'vscode';
import { formViewType } from '../form/formViewType.ts';
import type { LazyApp } from './lazyApp.ts';

/** Restores forms after a reload or restart. */
export function registerFormRestorer(app: LazyApp): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(formViewType, {
    deserializeWebviewPanel: async (panel, state) => (await app.start()).forms.restore(panel, state),
  });
}
