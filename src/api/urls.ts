import { isIP } from 'node:net';
import { HumanError } from '../shared/message.ts';
import { ApiError, type Operation } from './errors.ts';

/** Is this host the local machine? `hostname` as in `URL`: IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
}

/**
 * The base URL of the API from the setting `magicHour.apiUrl`, without a slash at the end.
 * @throws HumanError when it is no URL, could be read on the way (http to another machine), or has more than origin and
 * path.
 */
export function validateApiUrl(text: string): string {
  const url = URL.parse(text.trim());
  const openSettings = { suggestedAction: 'openSettings' } as const;
  if (!url || !/^https?:$/u.test(url.protocol))
    throw new HumanError('api.url.invalid', undefined, openSettings);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new HumanError('api.url.insecure', undefined, openSettings);
  if (url.username || url.password || url.search || url.hash)
    throw new HumanError('api.url.extras', undefined, openSettings);
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}

/**
 * A URL that the server named for uploading or downloading a file. It must be https, have no credentials, and must not
 * point at this machine or a private network, or a response could direct files to a local service. Only an API that is
 * itself on this machine or in a private network may name such hosts, and only one on this machine may use http.
 * Host names aren't resolved, since behind a proxy that's the proxy's task: https keeps another host from answering.
 * @throws ApiError
 */
export function validateStorageUrl(text: string, operation: Operation, apiUrl: URL): URL {
  const url = URL.parse(text);
  const isSecure =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(apiUrl.hostname));
  const isReachable = url && (!isInternal(url.hostname) || isInternal(apiUrl.hostname));
  if (!url || !isSecure || !isReachable || url.username || url.password) {
    throw new ApiError(
      'api.storage.unsafe',
      { operation, transient: false, mayHaveBeenCreated: false },
      { suggestedAction: 'retry' },
    );
  }
  url.hash = '';
  return url;
}

/** Names this machine or a literal address of a private, link-local or otherwise special network. */
function isInternal(hostname: string): boolean {
  const host = hostname.replace(/^\[(.+)\]$/u, '$1').replace(/\.$/u, '');
  if (/(?:^|\.)(?:localhost|local|internal)$/u.test(host)) return true;
  if (isIP(host) === 4) return isInternalIpv4(host);
  if (isIP(host) !== 6) return false;
  const mapped = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/u.exec(host);
  if (mapped) {
    const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
    return isInternalIpv4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  // Unspecified and loopback, unique local, link-local and site-local, multicast.
  return /^::1?$|^f[cd]|^fe[89a-f]|^ff/u.test(host);
}

function isInternalIpv4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 198 && (b === 18 || b === 19))
  );
}
