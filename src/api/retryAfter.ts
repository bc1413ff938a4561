const day = 86_400_000;

/**
 * A `Retry-After` header in milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3), at most a day.
 * The date is compared with the answer's own `Date`, so that a wrong clock on this machine does not matter.
 */
export function parseRetryAfter(
  value: string | undefined,
  answered: string | undefined,
  now: number,
): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+$/u.test(text)) return Math.min(Number(text) * 1000, day);
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const from = answered === undefined ? Number.NaN : Date.parse(answered);
  return Math.min(Math.max(at - (Number.isNaN(from) ? now : from), 0), day);
}
