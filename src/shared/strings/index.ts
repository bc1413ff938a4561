import { actionStrings } from './actions.ts';
import { apiStrings } from './api.ts';
import { assetStrings } from './assets.ts';
import { editorStrings } from './editor.ts';
import { formStrings } from './form.ts';
import { jobStrings } from './jobs.ts';
import { toolStrings } from './tools.ts';

/**
 * All strings outside the manifest, in English, by key. A key that ends in `.one` is the singular of the key without it.
 * The host translates the table (`vscode.l10n`) and passes it to the page. Both use the same keys, so a missing string
 * is a compile error on either side.
 */
export const strings = {
  ...actionStrings,
  ...apiStrings,
  ...assetStrings,
  ...editorStrings,
  ...formStrings,
  ...jobStrings,
  ...toolStrings,
} as const;

export type StringKey = keyof typeof strings;
export type StringTable = Readonly<Record<StringKey, string>>;
