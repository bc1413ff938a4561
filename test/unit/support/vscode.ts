import { registerHooks } from 'node:module';

/** What a notification was asked to show, and what the person will choose. */
export interface Shown {
  readonly kind: 'error' | 'warning' | 'information';
  readonly words: string;
  readonly buttons: readonly unknown[];
}

/** As much of VS Code as tests of small parts need. Importing this file puts it in the place of `vscode`. */
export const editor = {
  shown: [] as Shown[],
  opened: [] as string[],
  /** The button that is pressed next, if it is offered. */
  choice: undefined as string | undefined,
};

const show =
  (kind: Shown['kind']) =>
  (words: string, ...buttons: readonly unknown[]): Promise<unknown> => {
    editor.shown.push({ kind, words, buttons });
    const { choice } = editor;
    if (choice === undefined || !buttons.includes(choice)) return Promise.resolve();
    editor.choice = undefined;
    return Promise.resolve(choice);
  };

const vscode = {
  window: {
    showErrorMessage: show('error'),
    showWarningMessage: show('warning'),
    showInformationMessage: show('information'),
  },
  env: { openExternal: (uri: unknown) => (editor.opened.push(String(uri)), Promise.resolve(true)) },
  Uri: { parse: (text: string) => new URL(text) },
  l10n: {
    t: (text: string, args: Record<string, string | number> = {}) =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole)),
  },
};
Reflect.set(globalThis, 'vscodeOfTests', vscode);

const source = Object.keys(vscode)
  .map(name => `export const ${name} = globalThis.vscodeOfTests.${name};`)
  .join('');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, format: 'module', shortCircuit: true }
      : next(specifier, context),
});
