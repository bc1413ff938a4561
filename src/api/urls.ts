import { BlockList, isIP } from 'node:net';
import { HumanError } from '../shared/message.ts';
import { ApiError, type Operation } from './errors.ts';

/** Whether this host is the local machine. As in `URL`, IPv6 addresses are in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
}

/**
 * Returns the base URL of the API, as set in `magicHour.apiUrl`, without a trailing slash.
 * @throws HumanError if `text` isn't a URL, if requests could be intercepted (http to another machine), or if it has
 * more than an origin and a path
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
 * Validates a URL from the server for uploading or downloading a file. The URL must use https, have no credentials, and
 * not point to this machine or a private network. Otherwise, a response could direct files to a local service. Only an
 * API that is on this machine or in a private network itself may return such hosts, and only one on this machine may
 * use http. Host names aren't resolved, because a proxy does that if there is one, and https keeps other hosts from
 * responding.
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

/** Whether this is the local machine, a host without a domain, or an IP address in a private or special network. */
function isInternal(hostname: string): boolean {
  const host = hostname.replace(/^\[(.+)\]$/u, '$1').replace(/\.$/u, '');
  const family = isIP(host);
  if (family !== 0) return internalNetworks.check(host, family === 4 ? 'ipv4' : 'ipv6');
  return !host.includes('.') || /\.(?:localhost|local|internal|home\.arpa)$/u.test(host);
}

/** Also matches IPv4 addresses mapped to IPv6. */
const internalNetworks = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
]) {
  const [address = '', prefix] = network.split('/');
  internalNetworks.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
}
