import type { AssetSource } from '../shared/asset.ts';

/** The last part of an input's path, decoded. For an invalid URL, the URL itself. */
export function nameOf(source: AssetSource): string {
  const address = source.kind === 'file' ? source.uri : source.url;
  const path = URL.parse(address)?.pathname ?? address;
  return decoded(path.split('/').findLast(part => part !== '') ?? '');
}

/** The name without its extension, never empty. */
export const stemOf = (source: AssetSource): string => nameOf(source).replace(/\.[^.]*$/, '') || 'magic-hour';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
