import { fill, pluralKey, type Message, type MessageArgs } from '../shared/message.ts';
import type { StringKey, StringTable } from '../shared/strings/index.ts';
import type { Price } from '../tools/tool.ts';

/** Formats text, numbers, and durations in VS Code's display language. The functions can be destructured. */
export interface Formatter {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly text: (key: StringKey, args?: MessageArgs) => string;
  readonly message: (message: Message) => string;
  readonly number: (value: number, decimals?: number) => string;
  /** Rounds down so that 100% appears only at the end. */
  readonly percent: (fraction: number) => string;
  /** Formats a number that's a size or a name rather than a count, without thousands separators. */
  readonly plain: (value: number) => string;
  /** For example, `120 kB` or `3.4 MB`. */
  readonly bytes: (value: number) => string;
  /** A position or length on a timeline, such as `3:25` or `1:02:05`, or `0:02.50` with `decimals`. */
  readonly clock: (seconds: number, decimals?: number) => string;
  /** A rounded duration, such as `14 sec` or `3 min`. */
  readonly roughly: (seconds: number) => string;
  /** Returns a dash if the price isn't known because a choice is no longer available. */
  readonly price: (price: Price) => string;
  /** How much of the account's credits a price uses. */
  readonly balance: (price: Price, balance: number) => string;
}

export function createFormatter(locale: string, strings: StringTable): Formatter {
  const lang = usableLocale(locale);
  const number = (value: number, decimals = 0) =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: decimals }).format(value);
  const unit = (value: number, name: string, decimals = 0) =>
    new Intl.NumberFormat(lang, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: decimals,
    }).format(value);
  const localized = (args: MessageArgs): MessageArgs =>
    Object.fromEntries(
      Object.entries(args).map(([name, value]) => [
        name,
        typeof value === 'number' ? number(value, 2) : value,
      ]),
    );
  const text = (key: StringKey, args: MessageArgs = {}) =>
    fill(strings[pluralKey(key, args, strings, lang)] ?? key, localized(args));
  return {
    locale: lang,
    direction: directionOf(lang),
    text,
    message: message => text(message.key, message.args),
    number,
    plain: value => new Intl.NumberFormat(lang, { useGrouping: false }).format(value),
    percent: fraction =>
      new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 }).format(
        Math.floor(Math.min(1, Math.max(0, fraction)) * 100 + 1e-6) / 100,
      ),
    bytes(value) {
      if (value < 1_000) return unit(value, 'byte');
      if (value < 1_000_000) return unit(value / 1_000, 'kilobyte');
      if (value < 1_000_000_000) return unit(value / 1_000_000, 'megabyte', 1);
      return unit(value / 1_000_000_000, 'gigabyte', 1);
    },
    clock: (seconds, decimals = 0) => clock(seconds, decimals, lang),
    roughly(seconds) {
      if (seconds < 20) return unit(Math.max(1, Math.round(seconds)), 'second');
      if (seconds < 60) return unit(Math.round(seconds / 5) * 5, 'second');
      return unit(Math.round(seconds / 60), 'minute');
    },
    price: ({ credits, exact, from }) =>
      Number.isNaN(credits)
        ? '–'
        : text(from ? 'form.creditsFrom' : exact ? 'form.credits' : 'form.creditsAbout', { credits }),
    balance: ({ credits, from }, balance) =>
      text(from ? 'form.balanceFrom' : 'form.balance', { price: credits, balance }),
  };
}

/** VS Code's display language can be one that `Intl` rejects, such as `qps_ploc`. */
function usableLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

function directionOf(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(locale).language) ? 'rtl' : 'ltr';
}

function clock(seconds: number, decimals: number, locale: string): string {
  const scale = 10 ** decimals;
  const ticks = Math.round(Math.max(0, seconds) * scale);
  const whole = Math.floor(ticks / scale);
  const two = (value: number) => plain(value, locale, 2, 0);
  const last = plain((whole % 60) + (ticks % scale) / scale, locale, 2, decimals);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${plain(hours, locale, 1, 0)}:${two(minutes)}:${last}`
    : `${plain(minutes, locale, 1, 0)}:${last}`;
}

function plain(value: number, locale: string, digits: number, decimals: number): string {
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumIntegerDigits: digits,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}
