import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill, type MessageArgs, pluralKey } from '../../../src/shared/message.ts';
import { type StringKey, strings } from '../../../src/shared/strings/index.ts';
import { root } from '../../host/paths.ts';

/** One of the extension's strings, in English. Tests look strings up so that they don't depend on the wording. */
export const text = (key: StringKey, args: MessageArgs = {}): string =>
  fill(strings[pluralKey(key, args, strings, 'en')], args);

/** Matches a string, with anything in place of the placeholders that `args` lacks. */
export const textLike = (key: StringKey, args: MessageArgs = {}): RegExp =>
  new RegExp(
    text(key, args)
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/\\\{\w+\\\}/g, '.*'),
  );

const manifest: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));

/** A string of the extension's manifest by its key, such as `command.showJobs`. */
export function manifestText(key: string): string {
  const value = manifest[key];
  if (value === undefined) throw new Error(`package.nls.json has no "${key}"`);
  return value;
}

/** The menu item for a command, such as `createHeadshot`. */
export const menuItem = (command: string): string => manifestText(`command.${command}`);

/** The command palette item for a command. */
export const paletteItem = (command: string): string => `Magic Hour: ${menuItem(command)}`;

/** Matches the notification that a result was saved under this name. */
export const saved = (name: string): RegExp => textLike('notice.saved', { name });

/** The text for an estimated price in the form. */
export const aboutCredits = (credits: string): string => text('form.creditsAbout', { credits });

/** The text for a price and the account's credits in the form. */
export const balance = (price: string, balance = '1,240'): string => text('form.balance', { price, balance });
