/** Returns the normalized URL, or undefined if `text` isn't an https URL. */
export function readUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  return url?.protocol === 'https:' && url.hostname !== '' ? url.href : undefined;
}
