import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { AssetSource } from '../shared/asset.ts';
import { localDate, outputStem, stemFromText } from '../shared/outputName.ts';
import type { FieldValues, Tool } from '../tools/tool.ts';
import { stemOf } from './assetName.ts';
import { settings } from './settings.ts';

/** Where a job's result goes and what it is called, without extension. */
export interface Destination {
  readonly folder: string;
  readonly stem: string;
}

/**
 * Beside the first input that is a file, or in `magicHour.outputFolder`. With URLs alone: the workspace folder.
 * undefined: there is no such place, a person has to choose one.
 */
export function destinationOf(
  tool: Tool,
  inputs: Readonly<Record<string, AssetSource>>,
  values: FieldValues = {},
): Destination | undefined {
  const sources = tool.inputs.map(input => inputs[input.id]).filter(source => source !== undefined);
  const file = sources.find(source => source.kind === 'file');
  const beside = file && vscode.Uri.parse(file.uri, true);
  const workspace =
    (beside && vscode.workspace.getWorkspaceFolder(beside)) ?? vscode.workspace.workspaceFolders?.[0];
  const configured = configuredFolder(workspace?.uri, beside);
  const folder = configured ?? (beside && vscode.Uri.joinPath(beside, '..')) ?? workspace?.uri;
  return folder && { folder: folder.toString(), stem: resultStem(tool, inputs, values) };
}

/** The result's name from `magicHour.outputName`, without extension. */
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
  beside: vscode.Uri | undefined,
): vscode.Uri | undefined {
  const configured = settings.outputFolder.valueFor(beside ?? workspace).trim();
  if (configured === '') return undefined;
  if (isAbsolute(configured)) return vscode.Uri.file(configured);
  const base = workspace ?? (beside && vscode.Uri.joinPath(beside, '..'));
  return base && vscode.Uri.joinPath(base, configured);
}
