import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { AssetSource } from '../shared/asset.ts';
import { localDate, outputStem, stemFromText } from '../shared/outputName.ts';
import type { FieldValues, Tool } from '../tools/tool.ts';
import { stemOf } from './assetName.ts';
import { settings } from './settings.ts';

/** The folder for a job's result and the result's name without its extension. */
export interface Destination {
  readonly folder: string;
  readonly stem: string;
}

export interface DestinationOptions {
  /** The entered values. They supply the result's name, or the text to name it after if there is no input file. */
  readonly values?: FieldValues;
  /** Returns whether a file is our own copy of a file that was dropped from outside VS Code. */
  readonly isOwnCopy?: (uri: string) => boolean;
}

/**
 * Uses `magicHour.outputFolder`, or else the folder of the first input that's the user's own file, or else the
 * workspace folder. Returns undefined if there is none of these, so the user must choose a folder.
 */
export function destinationOf(
  tool: Tool,
  inputs: Readonly<Record<string, AssetSource>>,
  { values = {}, isOwnCopy = () => false }: DestinationOptions = {},
): Destination | undefined {
  const sources = tool.inputs.map(input => inputs[input.id]).filter(source => source !== undefined);
  const file = sources.find(source => source.kind === 'file' && !isOwnCopy(source.uri));
  const input = file?.kind === 'file' ? vscode.Uri.parse(file.uri, true) : undefined;
  const inputFolder = input && vscode.Uri.joinPath(input, '..');
  const workspace =
    (input && vscode.workspace.getWorkspaceFolder(input)) ?? vscode.workspace.workspaceFolders?.[0];
  const configured = configuredFolder(workspace?.uri, input, inputFolder);
  const folder = configured ?? inputFolder ?? workspace?.uri;
  return folder && { folder: folder.toString(), stem: resultStem(tool, inputs, values) };
}

/** Returns the result's name according to `magicHour.outputName`, without its extension. */
export function resultStem(
  tool: Tool,
  inputs: Readonly<Record<string, AssetSource>>,
  values: FieldValues,
): string {
  const first = tool.inputs.map(input => inputs[input.id]).find(source => source !== undefined);
  const stem = first
    ? stemOf(first)
    : stemFromText(String(values[tool.namedAfter ?? ''] ?? '')) || 'magic-hour';
  const resource = first?.kind === 'file' ? vscode.Uri.parse(first.uri) : undefined;
  const pattern = settings.outputName.valueFor(resource);
  return outputStem(pattern, {
    stem,
    tool: tool.resultSuffix,
    date: localDate(),
    name: String(values['name'] ?? ''),
  });
}

function configuredFolder(
  workspace: vscode.Uri | undefined,
  input: vscode.Uri | undefined,
  inputFolder: vscode.Uri | undefined,
): vscode.Uri | undefined {
  const configured = settings.outputFolder.valueFor(input ?? workspace).trim();
  if (configured === '') return undefined;
  if (/^~(?=$|[/\\])/.test(configured)) return vscode.Uri.file(join(homedir(), configured.slice(1)));
  if (isAbsolute(configured)) return vscode.Uri.file(configured);
  const base = workspace ?? inputFolder;
  return base && vscode.Uri.joinPath(base, configured);
}
