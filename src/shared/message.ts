import type { StringKey } from './strings/index.ts';

export type MessageArgs = Readonly<Record<string, string | number>>;

/** A message that isn't translated yet: the key of its English text and the values of its placeholders. */
export interface Message {
  readonly key: StringKey;
  readonly args?: MessageArgs;
}

/** What the user can do about a failure. Each is shown as a button. */
export const suggestedActions = [
  'setApiKey',
  'buyCredits',
  'viewPlans',
  'openLibrary',
  'openSettings',
  'chooseFolder',
  'showLog',
  'retry',
] as const;
export type SuggestedAction = (typeof suggestedActions)[number];

/**
 * A failure that can be shown: it says what went wrong and what to do. Any other error is a bug; it goes to the log, and
 * the user sees `error.unexpected`.
 */
export class HumanError extends Error {
  readonly text: Message;
  readonly suggestedAction: SuggestedAction | undefined;

  constructor(
    key: StringKey,
    args?: MessageArgs,
    options: { suggestedAction?: SuggestedAction; cause?: unknown } = {},
  ) {
    super(args ? `${key} ${JSON.stringify(args)}` : key, { cause: options.cause });
    this.name = 'HumanError';
    this.text = args ? { key, args } : { key };
    this.suggestedAction = options.suggestedAction;
  }
}

/** Translates a message. The host and the page each have their own. */
export type Translate = (message: Message) => string;

/** A key's singular, `key.one`, if it has one and the first number in `args` requires it in this language. */
export function pluralKey(key: StringKey, args: MessageArgs, strings: object, locale: string): StringKey {
  const count = Object.values(args).find(value => typeof value === 'number');
  const one = `${key}.one`;
  if (count === undefined || !Object.hasOwn(strings, one)) return key;
  return new Intl.PluralRules(locale).select(count) === 'one' ? (one as StringKey) : key;
}

/**
 * Fills `{name}` placeholders. A placeholder without a value is kept, so that the mistake is visible. A period after a
 * value that already ends a sentence is dropped.
 */
export function fill(template: string, args: MessageArgs = {}): string {
  return template.replace(/\{(\w+)\}([.。]?)/g, (whole, name: string, period: string) => {
    if (!Object.hasOwn(args, name)) return whole;
    const value = String(args[name]);
    return /[.!?…。！？]$/.test(value) ? value : value + period;
  });
}
