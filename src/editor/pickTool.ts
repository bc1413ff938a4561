import * as vscode from 'vscode';
import type { AssetSource } from '../shared/asset.ts';
import { isOfKind } from '../shared/formats.ts';
import { tools } from '../tools/index.ts';
import { hasLowerBound, isPerSecond, ratesOf } from '../tools/rates.ts';
import { requiredInputs, type Tool } from '../tools/tool.ts';
import { nameOf } from './assetName.ts';
import type { UserState } from './userState.ts';
import { text } from './translate.ts';

interface ToolItem extends vscode.QuickPickItem {
  readonly tool?: Tool;
}

/**
 * Lets the user pick from all tools, or from those that can use these files. Shows what each does, needs, and costs.
 * The most recently used tools come first.
 */
export async function pickTool(
  sources: readonly AssetSource[],
  userState: UserState,
): Promise<Tool | undefined> {
  const usable = tools.filter(tool => sources.length === 0 || canUse(tool, sources));
  const recent = userState.recentTools.flatMap(id => usable.filter(tool => tool.id === id));
  const others = usable.filter(tool => !recent.includes(tool));
  const group = (label: string, some: readonly Tool[]): ToolItem[] =>
    some.length === 0
      ? []
      : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...some.map(tool => itemOf(tool))];
  const items = [
    ...group(text('editor.recent'), recent),
    ...group(recent.length > 0 ? text('editor.otherTools') : '', others),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: text('editor.pickTool'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.tool;
}

const canUse = (tool: Tool, sources: readonly AssetSource[]): boolean =>
  requiredInputs(tool).some(({ accepts }) => sources.some(source => isOfKind(nameOf(source), accepts)));

/** Returns an item that shows what a tool does, needs, and costs. */
export const itemOf = (tool: Tool): vscode.QuickPickItem & { readonly tool: Tool } => ({
  label: `$(${tool.icon}) ${text(tool.title)}`,
  description: [needsText(tool), priceText(tool)].join(' · '),
  detail: text(tool.summary),
  tool,
});

function needsText(tool: Tool): string {
  const labels = requiredInputs(tool).map(({ label }) => text(label));
  return labels.length > 0 ? labels.join(', ') : text('editor.needsText');
}

/** Returns a tool's lowest price. */
export function priceText(tool: Tool): string {
  const amounts = ratesOf(tool).map(({ credits }) => credits);
  const credits = Math.min(...amounts);
  const isLowest = hasLowerBound(tool) || Math.max(...amounts) > credits;
  if (credits === 0) return text('form.free');
  if (isPerSecond(tool))
    return text(isLowest ? 'editor.priceFromPerSecond' : 'editor.pricePerSecond', { credits });
  return text(isLowest ? 'form.creditsFrom' : 'form.credits', { credits });
}
