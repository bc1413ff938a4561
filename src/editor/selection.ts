import * as vscode from 'vscode';
import { requiredInputs, type Tool } from '../tools/tool.ts';
import { nameOf } from './assetName.ts';
import type { Rows } from './form/draftRows.ts';
import { plainText } from './plainText.ts';
import { text } from './translate.ts';

/** Shows which selected files were skipped. Returns false if none of the files can be used. */
export function reportSelection(tool: Tool, { rows, skipped }: Rows): boolean {
  if (rows.length === 0) {
    const kinds = new Set(requiredInputs(tool).map(({ accepts }) => accepts));
    const needs = kinds.has('video')
      ? 'editor.selectVideo'
      : !kinds.has('audio')
        ? 'editor.selectImage'
        : kinds.has('image')
          ? 'editor.selectImageOrAudio'
          : 'editor.selectAudio';
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
