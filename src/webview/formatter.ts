import { fill, pluralKey, type Message, type MessageArgs } from '../shared/message.ts';
import type { StringKey, StringTable } from '../shared/strings/index.ts';
import type { Price } from '../tools/tool.ts';

/** Text, numbers, and durations in VS Code's display language. Its functions can be destructured. */
export interface Formatter {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly text: (key: StringKey, args?: MessageArgs) => string;
  readonly message: (message: Message) => string;
  readonly number: (value: number, decimals?: number) => string;
  /** Rounded down, so that 100% appears only at the end. */
  readonly percent: (fraction: number) => string;
  /** A number that's a size or a name rather than a count: without thousands separators. */
  readonly plain: (value: number) => string;
  /** `120 kB`, `3.4 MB`. */
  readonly bytes: (value: number) => string;
  /** A position or length on a timeline: `3:25`, `1:02:05`; with `decimals`, `0:02.50`. */
  readonly clock: (seconds: number, decimals?: number) => string;
  /** A rounded duration: `14 sec`, `3 min`. */
  readonly roughly: (seconds: number) => string;
  readonly price: (price: Price) => string;
  /** A price as a part of the account's credits. */
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
      text(from ? 'form.creditsFrom' : exact ? 'form.credits' : 'form.creditsAbout', { credits }),
    balance: ({ credits, from }, balance) =>
      text(from ? 'form.balanceFrom' : 'form.balance', { price: credits, balance }),
  };
}

/** VS Code's language may be one that `Intl` rejects (`qps_ploc`). */
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
