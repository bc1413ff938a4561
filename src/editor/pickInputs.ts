import { posix } from 'node:path';
import * as vscode from 'vscode';
import { checkAssetUrl } from '../assets/urls.ts';
import { extensions as apiExtensions, isOfKind, kindOf } from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { AssetSource } from '../shared/asset.ts';
import { sourceKey } from '../shared/protocol.ts';
import type { StringKey } from '../shared/strings/index.ts';
import type { AssetKind, Tool } from '../tools/tool.ts';
import { nameOf } from './assetName.ts';
import type { UserState } from './userState.ts';
import { text, translate } from './translate.ts';

interface SourceItem extends vscode.QuickPickItem {
  readonly sources?: readonly AssetSource[];
  readonly step?: 'browse' | 'url';
}

/**
 * Asks for a tool's inputs when a command was called without any. Offers the file in the active tab, recent files,
 * files in the workspace, a file dialog, and a URL. Resolves to undefined if the user cancels.
 */
export async function pickInputs(tool: Tool, userState: UserState): Promise<AssetSource[] | undefined> {
  const kinds = [...new Set(tool.inputs.map(input => input.accepts))];
  const items = await itemsFor(kinds, userState);
  const picked = await vscode.window.showQuickPick(items, {
    title: text(tool.title),
    placeHolder: textFor(kinds, pickTexts, 'editor.pickFile'),
    matchOnDescription: true,
  });
  if (picked?.step === 'browse') return browse(kinds);
  if (picked?.step === 'url') return enterUrl(kinds);
  return picked?.sources && [...picked.sources];
}

const pickTexts = {
  image: 'editor.pickImage',
  audio: 'editor.pickAudio',
  video: 'editor.pickVideo',
} as const;
const filterTexts = { image: 'editor.images', audio: 'editor.audio', video: 'editor.videos' } as const;

/** Returns the text for a single kind of file, or `several` if there is more than one kind. */
function textFor(
  kinds: readonly AssetKind[],
  texts: Readonly<Record<AssetKind, StringKey>>,
  several: StringKey,
): string {
  const [kind] = kinds;
  return text(kind && kinds.length === 1 ? texts[kind] : several);
}

/** Shows a file dialog for these kinds of files. */
export async function browse(kinds: readonly AssetKind[]): Promise<AssetSource[] | undefined> {
  const label = textFor(kinds, filterTexts, 'editor.mediaFiles');
  const files = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: text('editor.choose'),
    filters: { [label]: kinds.flatMap(kind => apiExtensions[kind]) },
  });
  return files?.map(uri => ({ kind: 'file', uri: uri.toString() }));
}

async function enterUrl(kinds: readonly AssetKind[]): Promise<AssetSource[] | undefined> {
  const problemWith = (url: string): string | undefined => {
    const failures = kinds.map(kind => {
      try {
        checkAssetUrl(url, kind);
        return undefined;
      } catch (error) {
        return error instanceof HumanError ? translate(error.text) : String(error);
      }
    });
    return failures.includes(undefined) ? undefined : failures[0];
  };
  const url = await vscode.window.showInputBox({
    title: text('editor.enterUrl'),
    prompt: text('editor.urlPrompt'),
    placeHolder: 'https://',
    ignoreFocusOut: true,
    validateInput: value => (value.trim() === '' ? undefined : problemWith(value.trim())),
  });
  return url?.trim() ? [{ kind: 'url', url: url.trim() }] : undefined;
}

async function itemsFor(kinds: readonly AssetKind[], userState: UserState): Promise<SourceItem[]> {
  const fits = (source: AssetSource) => kinds.some(kind => isOfKind(nameOf(source), kind));
  const seen = new Set<string>();
  const fresh = (source: AssetSource) =>
    !seen.has(sourceKey(source)) && seen.add(sourceKey(source)) !== undefined;
  const group = (label: string, sources: readonly AssetSource[]): SourceItem[] => {
    const shown = sources.filter(source => fits(source) && fresh(source));
    return shown.length === 0
      ? []
      : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...shown.map(source => itemOf(source))];
  };
  return [
    { label: `$(folder-opened) ${text('editor.browse')}`, step: 'browse', alwaysShow: true },
    { label: `$(link) ${text('editor.enterUrl')}`, step: 'url', alwaysShow: true },
    ...group(text('editor.openTab'), activeFile()),
    ...group(text('editor.recent'), userState.recent),
    ...group(text('editor.inWorkspace'), await inWorkspace(kinds)),
  ];
}

function itemOf(source: AssetSource): SourceItem {
  const icon = kindOf(nameOf(source)) === 'audio' ? 'unmute' : 'file-media';
  return { label: `$(${icon}) ${nameOf(source)}`, description: folderOf(source), sources: [source] };
}

/** Returns a file's folder relative to the workspace, or a URL's host. */
export function folderOf(source: AssetSource): string {
  if (source.kind === 'url') return new URL(source.url).host;
  // Take the parent of the file's relative path, because the "relative" path of a workspace folder is absolute.
  const folder = posix.dirname(
    vscode.workspace.asRelativePath(vscode.Uri.parse(source.uri)).replaceAll('\\', '/'),
  );
  return folder === '.' ? '' : folder;
}

/** Returns the file in the active tab if the tab is a text editor or a custom editor. */
function activeFile(): AssetSource[] {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText
    ? [{ kind: 'file', uri: input.uri.toString() }]
    : [];
}

async function inWorkspace(kinds: readonly AssetKind[]): Promise<AssetSource[]> {
  const extensions = kinds.flatMap(kind => apiExtensions[kind]);
  const both = [...extensions, ...extensions.map(extension => extension.toUpperCase())];
  const files = await vscode.workspace.findFiles(`**/*.{${both.join(',')}}`, '**/node_modules/**', 200);
  return files
    .map(uri => ({ kind: 'file', uri: uri.toString() }) as const)
    .toSorted((a, b) => a.uri.localeCompare(b.uri));
}
