import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { FormState } from '../../shared/protocol.ts';

/** The page may load only our own scripts and styles; it gets media as bytes. */
export const formRoots = (extension: vscode.Uri): vscode.Uri[] => [
  vscode.Uri.joinPath(extension, 'dist', 'webview'),
];

/**
 * The HTML of the form page with its initial state, so that it's usable without a round trip. Its security policy
 * allows only what the page uses.
 */
export function formHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  title: string,
  state: FormState,
): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', file)).toString();
  const own = webview.cspSource;
  const policy = [
    `default-src 'none'`,
    `img-src blob: data:`,
    `media-src blob:`,
    `font-src ${own}`,
    `style-src ${own}`,
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
<link rel="stylesheet" href="${address('form.css')}">
</head>
<body>
<div id="form"></div>
<script type="application/json" id="state">${JSON.stringify(state).replaceAll('<', '\\u003c')}</script>
<script type="module" nonce="${nonce}" src="${address('form.js')}"></script>
</body>
</html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (words: string): string => words.replace(/[&<>"]/g, character => entities[character] ?? '');
