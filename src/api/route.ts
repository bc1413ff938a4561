import { HumanError } from '../shared/message.ts';
import { isLoopback } from './apiUrl.ts';
import { bypassesProxy } from './noProxy.ts';

/** VS Code's `http.*` settings and the environment, as they are now. */
export interface NetworkSettings {
  /** `http.proxy`, with or without user and password. */
  readonly proxy?: string | undefined;
  /** `http.proxySupport`. `off`: no proxy at all; the others mean the same to us. */
  readonly proxySupport: 'off' | 'on' | 'fallback' | 'override';
  /** `http.noProxy`. When it is not empty, `NO_PROXY` does not count. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of the `Proxy-Authorization` header. */
  readonly proxyAuthorization?: string | null | undefined;
  readonly proxyStrictSSL: boolean;
  readonly systemCertificates: boolean;
  /** `process.env`: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY (either case), NODE_EXTRA_CA_CERTS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A proxy on the way. `uri` has no credentials in it; they are in `authorization`, a header's value. */
export interface Proxy {
  readonly uri: string;
  readonly authorization: string | undefined;
}

/** Straight ahead, without a single setting: what tests and a plain environment use. */
export const directSettings: NetworkSettings = {
  proxySupport: 'off',
  noProxy: [],
  proxyStrictSSL: true,
  systemCertificates: false,
  environment: {},
};

/** Both spellings of an environment variable; the lower case one wins, as in VS Code. */
export const variable = (environment: NetworkSettings['environment'], name: string): string | undefined =>
  environment[name.toLowerCase()]?.trim() || environment[name.toUpperCase()]?.trim() || undefined;

/**
 * The proxy between us and `url`, decided as VS Code does for extensions: never for this machine; `http.noProxy`, else
 * `NO_PROXY`, lists exceptions; `http.proxy`, else the environment, names the proxy (microsoft/vscode-proxy-agent,
 * src/index.ts). What the operating system has set up (PAC files) is not looked at.
 * Throws `HumanError` when the proxy's address cannot be used.
 */
export function proxyFor(url: URL, settings: NetworkSettings): Proxy | undefined {
  if (settings.proxySupport === 'off' || isLoopback(url.hostname)) return undefined;
  const { environment } = settings;
  const exceptions =
    settings.noProxy.length > 0
      ? settings.noProxy
      : (variable(environment, 'NO_PROXY')?.split(/[\s,]+/u) ?? []);
  if (bypassesProxy(exceptions, url)) return undefined;
  const address =
    settings.proxy?.trim() ||
    variable(environment, 'HTTPS_PROXY') ||
    variable(environment, 'HTTP_PROXY') ||
    httpOnly(variable(environment, 'ALL_PROXY'));
  return address ? parseProxy(address, settings.proxyAuthorization) : undefined;
}

/** Often names a SOCKS proxy, meant for other programs. VS Code does not look at this variable at all. */
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

/** A lone “%” in a password that nobody escaped stays as it is. */
const unescaped = (part: string): string =>
  part.replace(/(?:%[\da-f]{2})+/giu, escaped => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
