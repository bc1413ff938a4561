import * as vscode from 'vscode';
import { fill, pluralKey, type Message, type Translate } from '../shared/message.ts';
import { strings, type StringKey, type StringTable } from '../shared/strings/index.ts';

/** Translates a message to VS Code's display language. */
export const translate: Translate = ({ key, args = {} }: Message) =>
  fill(vscode.l10n.t(strings[pluralKey(key, args, strings, vscode.env.language)]), args);

/** Shorthand for calling `translate` with a key. */
export const text = (key: StringKey, args?: Message['args']): string =>
  translate(args ? { key, args } : { key });

/** Returns all strings in VS Code's display language. The page fills in their placeholders. */
export const translatedStrings = (): StringTable =>
  Object.fromEntries(
    Object.entries(strings).map(([key, english]) => [key, vscode.l10n.t(english)]),
  ) as StringTable;
