import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension.ts';

/** The result of a tool. */
export interface Report {
  readonly job: string;
  readonly state: string;
  readonly savedFiles: readonly string[];
  readonly options?: unknown;
  readonly creditsCharged?: number;
  readonly problem?: string;
}

/** Invokes a language model tool as an agent does; in tests, VS Code confirms automatically. */
export async function invoke(
  name: string,
  input: object,
  token: vscode.CancellationToken = new vscode.CancellationTokenSource().token,
): Promise<Report> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  const [part] = result.content;
  if (!(part instanceof vscode.LanguageModelTextPart)) throw new Error('The tool returned no text');
  return JSON.parse(part.value);
}

/** Writes a unique image, because the same bytes would be uploaded only once. @returns The path in the workspace. */
export async function newImage(name: string): Promise<string> {
  const sample = vscode.Uri.joinPath(workspaceFolder(), 'portraits', 'anna.png');
  const image = vscode.Uri.joinPath(workspaceFolder(), 'portraits', name);
  const bytes = await vscode.workspace.fs.readFile(sample);
  await vscode.workspace.fs.writeFile(image, Buffer.concat([bytes, randomBytes(16)]));
  return `portraits/${name}`;
}
