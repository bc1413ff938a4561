import { HumanError } from '../shared/message.ts';
import { isLoopback } from './urls.ts';

/** VS Code's current `http.*` settings and the environment. */
export interface NetworkSettings {
  /** `http.proxy`, with or without user and password. */
  readonly proxy?: string | undefined;
  /** `http.proxySupport`. `off`: no proxy. We treat all other values alike. */
  readonly proxySupport: 'off' | 'on' | 'fallback' | 'override';
  /** `http.noProxy`. Unless it is empty, `NO_PROXY` is ignored. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of the `Proxy-Authorization` header. */
  readonly proxyAuthorization?: string | null | undefined;
  readonly proxyStrictSSL: boolean;
  readonly systemCertificates: boolean;
  /** `process.env`: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY (either case), NODE_EXTRA_CA_CERTS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `uri` has no credentials; they are in `authorization`, the value of a header. */
export interface Proxy {
  readonly uri: string;
  readonly authorization: string | undefined;
}

/** A direct connection without any settings, as in tests. */
export const directSettings: NetworkSettings = {
  proxySupport: 'off',
  noProxy: [],
  proxyStrictSSL: true,
  systemCertificates: false,
  environment: {},
};

/** Both spellings of an environment variable; the lower case one wins, as in VS Code. */
export const environmentVariable = (
  environment: NetworkSettings['environment'],
  name: string,
): string | undefined =>
  environment[name.toLowerCase()]?.trim() || environment[name.toUpperCase()]?.trim() || undefined;

/**
 * The proxy for `url`, chosen as VS Code does for extensions (microsoft/vscode-proxy-agent, src/index.ts): none for this
 * machine; `http.noProxy`, else `NO_PROXY`, lists exceptions; `http.proxy`, else the environment, names the proxy. The
 * operating system's proxy settings (PAC files) aren't supported.
 * @throws HumanError when the proxy's URL is invalid
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

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
function splitPort(entry: string): { host: string; port: string } {
  const match = /^(\[.+\]|[^:]+):(\d+)$/u.exec(entry);
  return match ? { host: match[1] ?? '', port: match[2] ?? '' } : { host: entry, port: '' };
}

/**
 * Whether this URL is reached without the proxy. An entry is a host, which includes its subdomains (`example.com`,
 * `.example.com`, `*.example.com`), or `*` for all, each with an optional `:port`.
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

/** ALL_PROXY often names a SOCKS proxy for other programs. VS Code ignores this variable. */
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

/** An unescaped “%” in a password is kept as is. */
const unescaped = (part: string): string =>
  part.replace(/(?:%[\da-f]{2})+/giu, escaped => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
