/** Control characters, and characters that are invisible or change the text direction. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;
const webAddress = /\b(https?:\/\/)[^\s"'<>]*/giu;
const maxLength = 300;

/** Returns one line of plain text with no control characters, no runs of spaces, and at most `limit` characters. */
export function singleLine(text: string, limit = maxLength): string {
  const line = text
    // This is more than enough for the result, and it limits the work for long text.
    .slice(0, limit * 20)
    .replace(invisible, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= limit) return line;
  // Don't end with half of a surrogate pair.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** Ends the server's message with a period so that one of our sentences can follow. */
export const asSentence = (words: string): string =>
  words === '' || /[.!?…。！？:;]$/u.test(words) ? words : `${words}.`;

/** Returns a URL without the user, query, and fragment, which may contain signatures and keys. */
export function bareUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  return parsed ? `${parsed.origin}${parsed.pathname}` : '(no URL)';
}

/** Removes the given secrets, and everything but the origin and path from URLs. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[key]');
  return clean.replace(webAddress, found => bareUrl(found));
}

/**
 * Returns a copy of an error, with up to two causes, that is safe to log. The copy lacks the properties that undici and
 * Node attach to errors (sockets, raw bytes, signed URLs).
 */
export function safeCause(error: unknown, secrets: readonly string[], depth = 2): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const text = singleLine(redact(error.message, secrets));
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  const cause = depth > 0 ? safeCause(inner, secrets, depth - 1) : undefined;
  const safe = new Error(`${error.name}${code ? ` (${code})` : ''}: ${text}`, cause && { cause });
  safe.name = 'Cause';
  // The stack of the copy is useless, and the original one may contain arguments.
  safe.stack = `${safe.name}: ${safe.message}`;
  return safe;
}
