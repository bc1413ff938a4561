import type { AssetSource } from '../shared/asset.ts';

/** Returns the last segment of an input's path, decoded. An invalid URL is treated as a path. */
export function nameOf(source: AssetSource): string {
  const address = source.kind === 'file' ? source.uri : source.url;
  const path = URL.parse(address)?.pathname ?? address;
  return decoded(path.split('/').findLast(part => part !== '') ?? '');
}

/** Returns an input's name without its extension. The result is never empty. */
export const stemOf = (source: AssetSource): string => nameOf(source).replace(/\.[^.]*$/, '') || 'magic-hour';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
