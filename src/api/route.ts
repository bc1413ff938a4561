import { HumanError } from '../shared/message.ts';
import { isLoopback } from './urls.ts';

/** VS Code's current `http.*` settings and the environment. */
export interface NetworkSettings {
  /** `http.proxy`, with or without user and password. */
  readonly proxy?: string | undefined;
  /** `http.proxySupport`. `off` means no proxy. All other values are treated the same. */
  readonly proxySupport: 'off' | 'on' | 'fallback' | 'override';
  /** `http.noProxy`. `NO_PROXY` is ignored unless this is empty. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of the `Proxy-Authorization` header. */
  readonly proxyAuthorization?: string | null | undefined;
  readonly proxyStrictSSL: boolean;
  readonly systemCertificates: boolean;
  /** `process.env`: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY (either case), NODE_EXTRA_CA_CERTS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `uri` contains no credentials. They are in `authorization`, the value of the `Proxy-Authorization` header. */
export interface Proxy {
  readonly uri: string;
  readonly authorization: string | undefined;
}

/** Settings for a direct connection, for example in tests. */
export const directSettings: NetworkSettings = {
  proxySupport: 'off',
  noProxy: [],
  proxyStrictSSL: true,
  systemCertificates: false,
  environment: {},
};

/** Reads an environment variable spelled in either case. Lowercase takes precedence, as in VS Code. */
export const environmentVariable = (
  environment: NetworkSettings['environment'],
  name: string,
): string | undefined =>
  environment[name.toLowerCase()]?.trim() || environment[name.toUpperCase()]?.trim() || undefined;

/**
 * Returns the proxy for `url`, chosen as VS Code does for extensions (microsoft/vscode-proxy-agent, src/index.ts).
 * Requests to this machine use no proxy. Exceptions are listed in `http.noProxy`, or else `NO_PROXY`. The proxy is
 * given by `http.proxy`, or else the environment. The operating system's proxy settings (PAC files) aren't supported.
 * @throws HumanError if the proxy's URL is invalid
 */
export function proxyFor(url: URL, settings: NetworkSettings): Proxy | undefined {
  if (settings.proxySupport === 'off' || isLoopback(url.hostname)) return undefined;
  const { environment } = settings;
  const exceptions =
    settings.noProxy.length > 0
      ? settings.noProxy
      : (environmentVariable(environment, 'NO_PROXY')?.split(/[\s,]+/u) ?? []);
  if (bypassesProxy(exceptions, url)) return undefined;
  const address =
    settings.proxy?.trim() ||
    environmentVariable(environment, 'HTTPS_PROXY') ||
    environmentVariable(environment, 'HTTP_PROXY') ||
    httpOnly(environmentVariable(environment, 'ALL_PROXY'));
  return address ? parseProxy(address, settings.proxyAuthorization) : undefined;
}

const bare = (host: string): string =>
  host
    .replace(/^\[(.+)\]$/u, '$1')
    .replace(/\.$/u, '')
    .toLowerCase();

/** Splits `host`, `host:port`, `[v6]:port`, or a bare IPv6 address. */
function splitPort(entry: string): { host: string; port: string } {
  const match = /^(\[.+\]|[^:]+):(\d+)$/u.exec(entry);
  return match ? { host: match[1] ?? '', port: match[2] ?? '' } : { host: entry, port: '' };
}

/**
 * Whether requests to `url` bypass the proxy. An entry is a host, which includes its subdomains (`example.com`,
 * `.example.com`, `*.example.com`), or `*` for all hosts, each with an optional `:port`.
 */
export function bypassesProxy(entries: readonly string[], url: URL): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some(entry => {
    const wanted = splitPort(entry.trim());
    if (wanted.port && wanted.port !== port) return false;
    if (wanted.host === '*') return true;
    const suffix = bare(wanted.host).replace(/^\*?\./u, '');
    return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
  });
}

/** Ignores SOCKS proxies, which ALL_PROXY often names for other programs. VS Code ignores that variable. */
const httpOnly = (address: string | undefined): string | undefined =>
  address && !/^socks/iu.test(address) ? address : undefined;

function parseProxy(address: string, authorization: string | null | undefined): Proxy {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//iu.test(address) ? address : `http://${address}`);
  if (!url?.hostname || !/^https?:$/u.test(url.protocol)) {
    throw new HumanError('api.proxy.invalid', undefined, { suggestedAction: 'openSettings' });
  }
  return { uri: url.origin, authorization: authorization?.trim() || basic(url) };
}

function basic({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  return `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`;
}

/** Decodes percent-encoding, but keeps an unescaped “%” in a password as is. */
const unescaped = (part: string): string =>
  part.replace(/(?:%[\da-f]{2})+/giu, escaped => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
