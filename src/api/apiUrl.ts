import { HumanError } from '../shared/message.ts';

/** Is this host the machine we run on? `hostname` as in `URL`: IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
}

/** https, or http to this machine: nobody on the way can read what is sent. */
export const isPrivate = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));

/**
 * The base of the API from the setting `magicHour.apiUrl`, without a slash at the end.
 * Throws `HumanError` when it is no address, is not private, or holds more than origin and path.
 */
export function validateApiUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/u.test(url.protocol)) {
    throw new HumanError('api.url.invalid', undefined, { suggestedAction: 'openSettings' });
  }
  if (!isPrivate(url))
    throw new HumanError('api.url.insecure', undefined, { suggestedAction: 'openSettings' });
  if (url.username || url.password || url.search || url.hash) {
    throw new HumanError('api.url.extras', undefined, { suggestedAction: 'openSettings' });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}
