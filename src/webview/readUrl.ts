/** The URL in its normal form; undefined if it isn't one or isn't https. */
export function readUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  return url?.protocol === 'https:' && url.hostname !== '' ? url.href : undefined;
}
