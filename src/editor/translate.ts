import * as vscode from 'vscode';
import { fill, pluralKey, type Message, type Translate } from '../shared/message.ts';
import { strings, type StringKey, type StringTable } from '../shared/strings/index.ts';

/** A message in VS Code's display language. */
export const translate: Translate = ({ key, args = {} }: Message) =>
  fill(vscode.l10n.t(strings[pluralKey(key, args, strings, vscode.env.language)]), args);

/** Short for `translate` with a key. */
export const text = (key: StringKey, args?: Message['args']): string =>
  translate(args ? { key, args } : { key });

/** All strings in VS Code's display language, for the page, which fills in placeholders. */
export const translatedStrings = (): StringTable =>
  Object.fromEntries(
    Object.entries(strings).map(([key, english]) => [key, vscode.l10n.t(english)]),
  ) as StringTable;
