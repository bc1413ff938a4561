import { extensions, isOfKind, kindOf } from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { AssetKind } from '../tools/tool.ts';
import { otherKind } from './kindMessages.ts';

const maxLength = 8_000;

/**
 * Checks that Magic Hour can download from a URL. The URL must use https without credentials, and either have a
 * supported extension in its path or be the page of an earlier result in the user's library.
 * @returns the normalized URL
 * @throws HumanError with a message that says what to paste instead
 */
export function checkAssetUrl(text: string, kind: AssetKind): string {
  if (text.length > maxLength) throw new HumanError('asset.urlTooLong', { limit: maxLength });
  const url = URL.parse(text.trim());
  if (!url) throw new HumanError('asset.urlUnreadable');
  if (url.protocol !== 'https:') throw new HumanError('asset.urlNotHttps');
  if (url.username || url.password) throw new HumanError('asset.urlWithPassword');
  if (url.host === 'magichour.ai' && url.pathname === '/my-library' && url.searchParams.get(`${kind}Id`))
    return url.href;
  const name = decoded(url.pathname);
  if (isOfKind(name, kind)) return url.href;
  throw new HumanError(kindOf(name) ? otherKind[kind] : 'asset.urlExtension', {
    name: name.slice(name.lastIndexOf('/') + 1),
    extensions: extensions[kind].join(', '),
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
