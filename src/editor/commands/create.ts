import * as vscode from 'vscode';
import type { AssetSource } from '../../shared/asset.ts';
import { tools } from '../../tools/index.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Forms } from '../form/forms.ts';
import { pickInputs } from '../pickInputs.ts';
import { pickTool } from '../pickTool.ts';
import type { UserState } from '../userState.ts';
import { rowsOf } from '../form/draftRows.ts';
import { reportSelection } from '../selection.ts';

/** Registers each tool's create command for the Explorer, editor tabs, and the Command Palette. */
export function registerCreateCommands(forms: Forms, userState: UserState): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('magicHour.create', async (uri?: unknown, uris?: unknown) => {
      const tool = await pickTool(sourcesOf(uri, uris) ?? [], userState);
      if (tool) await vscode.commands.executeCommand(tool.command, uri, uris);
    }),
    ...tools.map(tool =>
      vscode.commands.registerCommand(tool.command, async (uri?: unknown, uris?: unknown) => {
        const sources =
          tool.inputs.length === 0 ? [] : (sourcesOf(uri, uris) ?? (await pickInputs(tool, userState)));
        // Only the Explorer passes a list of files.
        const returnCommand = Array.isArray(uris) ? 'workbench.files.action.focusFilesExplorer' : undefined;
        if (sources) await openForm(tool, sources, forms, userState, returnCommand);
      }),
    ),
  );
}

async function openForm(
  tool: Tool,
  sources: AssetSource[],
  forms: Forms,
  userState: UserState,
  returnCommand: string | undefined,
): Promise<void> {
  const selection = rowsOf(tool, sources);
  if (sources.length > 0 && !reportSelection(tool, selection)) return;
  await forms.open(tool, selection.rows, returnCommand);
  // Not earlier, because these updates are work for VS Code's main process, which is showing the form.
  await Promise.all([userState.addRecent(sources), userState.addRecentTool(tool.id)]);
}

/** Reads the arguments of a command. The Explorer and tabs pass `(uri, uris)`, but other callers may pass anything. */
function sourcesOf(uri: unknown, uris: unknown): AssetSource[] | undefined {
  const all = Array.isArray(uris) && uris.length > 0 ? uris : uri === undefined ? [] : [uri];
  const files = all.filter(each => each instanceof vscode.Uri);
  return files.length > 0 ? files.map(each => ({ kind: 'file', uri: each.toString() })) : undefined;
}
