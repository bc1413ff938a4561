import { BlockList, isIP } from 'node:net';
import { isLoopback } from './apiUrl.ts';
import { ApiError, type Operation } from './errors.ts';

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateAddresses.addSubnet(network, prefix);
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateAddresses.addSubnet(network, prefix, 'ipv6');

/** Is this host on this machine or its network, as far as the name tells? `hostname` as in `URL`: IPv6 in brackets. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/gu, '');
  const family = isIP(host);
  if (family > 0) return privateAddresses.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return !host.includes('.') || /\.(?:local|localhost|internal|home\.arpa)$/u.test(host);
}

/**
 * A URL from the server for the bytes of a file. It must be https without credentials, and only a private API may name
 * a private host: a response must not point an upload at a service in the user's network. http is for tests, where
 * both are on this machine.
 * @throws ApiError for any other URL
 */
export function storageUrl(text: string, operation: Operation, apiUrl: URL): URL {
  const url = URL.parse(text);
  const isLocal = url?.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(apiUrl.hostname);
  if (
    !url ||
    (url.protocol !== 'https:' && !isLocal) ||
    url.username ||
    url.password ||
    (isPrivateHost(url.hostname) && !isPrivateHost(apiUrl.hostname))
  ) {
    throw new ApiError(
      'api.storage.unsafe',
      { operation, transient: false, mayHaveBeenCreated: false },
      { suggestedAction: 'retry' },
    );
  }
  url.hash = '';
  return url;
}
