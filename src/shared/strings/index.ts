import { actionStrings } from './actions.ts';
import { apiStrings } from './api.ts';
import { assetStrings } from './assets.ts';
import { editorStrings } from './editor.ts';
import { formStrings } from './form.ts';
import { jobStrings } from './jobs.ts';
import { toolStrings } from './tools.ts';

/**
 * Every text a person can see outside the manifest, in English, by key. The host translates the table
 * (`vscode.l10n`) and hands it to the page, so that a missing string is a compile error on both sides.
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
