import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FormState } from '../../shared/protocol.ts';

/** The page can load only our own scripts and styles. It receives media as bytes. */
export const formRoots = (extension: vscode.Uri): vscode.Uri[] => [
  vscode.Uri.joinPath(extension, 'dist', 'webview'),
];

/** The files that make up every form page. */
export interface PageFiles {
  readonly chunks: vscode.Uri;
  readonly script: string;
  readonly style: string;
}

let files: Promise<PageFiles> | undefined;

/** Reads the files that make up the form page, once per window. */
export function pageFiles(extension: vscode.Uri): Promise<PageFiles> {
  files ??= readPageFiles(vscode.Uri.joinPath(extension, 'dist', 'webview')).catch((error: unknown) => {
    files = undefined;
    throw error;
  });
  return files;
}

async function readPageFiles(folder: vscode.Uri): Promise<PageFiles> {
  const read = (name: string) => readFile(vscode.Uri.joinPath(folder, name).fsPath, 'utf8');
  const [script, style] = await Promise.all([read('form.js'), read('form.css')]);
  return { chunks: vscode.Uri.joinPath(folder, 'chunks'), script, style };
}

/**
 * Returns the HTML of the form page, including its script, style, and initial state, so that the page is usable without
 * a round trip. The script isn't a module, because a module wouldn't run until the browser's next task. The security
 * policy allows only what the page uses.
 */
export function formHtml(
  webview: vscode.Webview,
  { chunks, script, style }: PageFiles,
  title: string,
  state: FormState,
): string {
  const nonce = randomBytes(16).toString('base64');
  const json = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');
  // An inline script has no URL against which the relative paths of its chunks could be resolved.
  const imports = { './chunks/': `${webview.asWebviewUri(chunks).toString()}/` };
  const own = webview.cspSource;
  const policy = [
    `default-src 'none'`,
    `img-src blob: data:`,
    `media-src blob:`,
    `font-src ${own}`,
    `style-src 'nonce-${nonce}'`,
    // A nonce doesn't apply to chunks, which are loaded with import() from our own folder.
    `script-src 'nonce-${nonce}' ${own}`,
    `connect-src blob:`,
    `form-action 'none'`,
    `base-uri 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escape(title)}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<div id="form"></div>
<script type="application/json" id="state">${json(state)}</script>
<script type="importmap" nonce="${nonce}">${json({ imports })}</script>
<script nonce="${nonce}">(async () => { 'use strict'; ${script} })()</script>
</body>
</html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (words: string): string => words.replace(/[&<>"]/g, character => entities[character] ?? '');
