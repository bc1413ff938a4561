/** Control characters, and those that turn the direction of text or hide in it. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;
const webAddress = /\b(https?:\/\/)[^\s"'<>]*/giu;
const longest = 300;

/** Plain text of one line: no control characters, no runs of spaces, at most `limit` characters. */
export function plainText(text: string, limit = longest): string {
  const line = text
    // Nothing behind this can survive the cut, so it is not worth looking at.
    .slice(0, limit * 20)
    .replace(unseen, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= limit) return line;
  // No half of a surrogate pair at the end.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** Words of somebody else, ended so that a sentence of ours can follow. */
export const asSentence = (words: string): string =>
  words === '' || /[.!?…。！？:;]$/u.test(words) ? words : `${words}.`;

/** An address without user, query and fragment, where signatures and keys are. */
export function bareUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  return parsed ? `${parsed.origin}${parsed.pathname}` : '(no address)';
}

/** Takes the given secrets, and everything but origin and path of web addresses, out of a text. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[key]');
  return clean.replace(webAddress, found => bareUrl(found));
}

/**
 * What an error says, as a new error that is safe to log: without the objects that hang on undici's errors and
 * Node's (sockets, raw bytes, addresses with signatures), two causes deep.
 */
export function safeCause(error: unknown, secrets: readonly string[], depth = 2): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const text = plainText(redact(error.message, secrets));
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  const cause = depth > 0 ? safeCause(inner, secrets, depth - 1) : undefined;
  const safe = new Error(`${error.name}${code ? ` (${code})` : ''}: ${text}`, cause && { cause });
  safe.name = 'Cause';
  // Its own stack would show this function, and the original's may show arguments' text.
  safe.stack = `${safe.name}: ${safe.message}`;
  return safe;
}
