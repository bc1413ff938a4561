import * as vscode from 'vscode';
import type { LazyApp } from './lazyApp.ts';

/** Registers the language model tools declared in the manifest if the host has the language model API. */
export function registerAgentTools(app: LazyApp, context: vscode.ExtensionContext): vscode.Disposable {
  if (typeof vscode.lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  const declared: readonly { readonly name: string }[] =
    context.extension.packageJSON.contributes.languageModelTools;
  return vscode.Disposable.from(
    ...declared.map(({ name }) => {
      const tool = async () => (await app.start()).languageModelTool(name);
      return vscode.lm.registerTool<Record<string, unknown>>(name, {
        prepareInvocation: async (options, token) => (await tool()).prepareInvocation?.(options, token),
        invoke: async (options, token) => (await tool()).invoke(options, token),
      });
    }),
  );
}
