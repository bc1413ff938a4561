import type { StringKey } from './strings/index.ts';

export type MessageArgs = Readonly<Record<string, string | number>>;

/** A message that isn't translated yet: the key of its English text and the values of its placeholders. */
export interface Message {
  readonly key: StringKey;
  readonly args?: MessageArgs;
}

/** Ways to fix a failure. Each one is shown as a button. */
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
 * A failure that can be shown to the user: it says what went wrong and what to do. Any other error is a bug, which is
 * logged, and the user sees `error.unexpected`.
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

/** Translates a message. The host and the page each have their own implementation. */
export type Translate = (message: Message) => string;

/**
 * Returns the singular, `key.one`, if it exists and the first number in `args` requires it in this language. Otherwise,
 * returns `key`.
 */
export function pluralKey(key: StringKey, args: MessageArgs, strings: object, locale: string): StringKey {
  const count = Object.values(args).find(value => typeof value === 'number');
  const one = `${key}.one`;
  if (count === undefined || !Object.hasOwn(strings, one)) return key;
  return new Intl.PluralRules(locale).select(count) === 'one' ? (one as StringKey) : key;
}

/**
 * Fills in `{name}` placeholders. A placeholder without a value is kept, so that the mistake is visible. If a value
 * already ends a sentence, the period after it is dropped.
 */
export function fill(template: string, args: MessageArgs = {}): string {
  return template.replace(/\{(\w+)\}([.。]?)/g, (whole, name: string, period: string) => {
    if (!Object.hasOwn(args, name)) return whole;
    const value = String(args[name]);
    return /[.!?…。！？]$/.test(value) ? value : value + period;
  });
}
