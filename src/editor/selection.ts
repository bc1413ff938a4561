import * as vscode from 'vscode';
import type { Tool } from '../tools/tool.ts';
import { nameOf } from './assetName.ts';
import type { Rows } from './form/draftRows.ts';
import { plainText } from './plainText.ts';
import { text } from './translate.ts';

/** Shows which files of a selection were skipped. false: none can be used. */
export function reportSelection(tool: Tool, { rows, skipped }: Rows): boolean {
  if (rows.length === 0) {
    const needs = tool.inputs.some(input => input.accepts === 'audio')
      ? 'editor.selectImageOrAudio'
      : 'editor.selectImage';
    void vscode.window.showErrorMessage(text(needs, { tool: text(tool.title) }));
    return false;
  }
  if (skipped.length > 0) {
    const names =
      skipped
        .slice(0, 3)
        .map(source => plainText(nameOf(source)))
        .join(', ') + (skipped.length > 3 ? ' …' : '');
    void vscode.window.showWarningMessage(text('editor.leftOut', { names, count: skipped.length }));
  }
  return true;
}
