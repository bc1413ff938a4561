import * as vscode from 'vscode';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** Formats a time as "5 minutes ago" or "now" in VS Code's display language. */
export function ago(time: number, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(vscode.env.language, { numeric: 'auto' });
  const elapsed = Math.max(0, now - time);
  const [unit, length] = units.find(([, length]) => elapsed >= length) ?? (['second', Infinity] as const);
  return format.format(-Math.floor(elapsed / length) || 0, unit);
}
