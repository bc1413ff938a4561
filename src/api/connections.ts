import type { SecureContext } from 'node:tls';
import type { Agent, Dispatcher, Pool, ProxyAgent } from 'undici';
import { secureContextFor } from './certificates.ts';
import { type NetworkSettings, type Proxy, proxyFor } from './route.ts';

export interface Connection {
  readonly dispatcher: Dispatcher;
  readonly proxied: boolean;
}

/** Our own sockets, separate from the process-wide dispatchers that other extensions share. */
export interface Connections {
  /**
   * Returns a connection to `url` with the current settings.
   * @param fresh Whether to use a new connection. The server may close an idle one while we send, and then we can't
   * know whether the server read the request.
   */
  to(url: URL, fresh?: boolean): Promise<Connection>;
  /** Closes idle sockets, then waits for the requests on other sockets to finish. */
  close(): Promise<void>;
}

/** The maximum number of connections per origin. More requests are queued, so 500 jobs don't open 500 sockets. */
const perOrigin = 8;

interface Undici {
  readonly Agent: typeof Agent;
  readonly Pool: typeof Pool;
  readonly ProxyAgent: typeof ProxyAgent;
}

/** The sockets for one set of settings. */
class ConnectionPool {
  readonly id: string;
  readonly #make: (proxy: Proxy | undefined, fresh: boolean) => Promise<Dispatcher>;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(id: string, make: (proxy: Proxy | undefined, fresh: boolean) => Promise<Dispatcher>) {
    this.id = id;
    this.#make = make;
  }

  get(proxy: Proxy | undefined, fresh: boolean): Promise<Dispatcher> {
    const key = `${fresh} ${proxy?.uri ?? ''}`;
    let dispatcher = this.#dispatchers.get(key);
    if (!dispatcher) {
      dispatcher = this.#make(proxy, fresh);
      this.#dispatchers.set(key, dispatcher);
      // If the dispatcher couldn't be created (an unreadable file or certificate), the next request tries again.
      dispatcher.catch(() => this.#dispatchers.delete(key));
    }
    return dispatcher;
  }

  /** Waits until the pool's requests have ended. */
  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.#dispatchers.values());
    const dispatchers = settled.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.allSettled(dispatchers.map(dispatcher => dispatcher.close()));
  }
}

/**
 * @param settings Called before every request, so a change applies to the next one. Requests in progress are allowed to finish.
 * @param connectTimeout In milliseconds, for each of TCP, TLS, and the proxy's response.
 */
export function createConnections(
  settings: () => NetworkSettings,
  connectTimeout: number,
  log: { warn(message: string): void },
): Connections {
  let current: ConnectionPool | undefined;
  const retired = new Map<ConnectionPool, Promise<void>>();

  const createPool = (now: NetworkSettings, id: string): ConnectionPool => {
    const secureContextOnce = once(() => secureContextFor(now, log));
    return new ConnectionPool(id, async (proxy, fresh) => {
      const secureContext = await secureContextOnce();
      return makeDispatcher(await import('./undici.ts'), proxy, {
        fresh,
        connectTimeout,
        tls: {
          timeout: connectTimeout,
          rejectUnauthorized: now.proxyStrictSSL,
          ...(secureContext && { secureContext }),
        },
      });
    });
  };

  const retire = (old: ConnectionPool): void => {
    retired.set(
      old,
      old.close().finally(() => retired.delete(old)),
    );
  };

  return {
    async to(url, fresh = false) {
      const now = settings();
      const id = identity(now);
      if (current?.id !== id) {
        if (current) retire(current);
        current = createPool(now, id);
      }
      const proxy = proxyFor(url, now);
      return { dispatcher: await current.get(proxy, fresh), proxied: proxy !== undefined };
    },
    async close() {
      if (current) retire(current);
      current = undefined;
      await Promise.all(retired.values());
    },
  };
}

/** Everything that sockets depend on. Only compared and never shown, because it may contain a proxy's password. */
function identity({ environment, ...settings }: NetworkSettings): string {
  const relevant = Object.entries(environment).filter(([name]) =>
    /_proxy$|^node_extra_ca_certs$/iu.test(name),
  );
  return JSON.stringify([settings, relevant]);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

interface DispatcherOptions {
  readonly fresh: boolean;
  readonly connectTimeout: number;
  readonly tls: { timeout: number; rejectUnauthorized: boolean; secureContext?: SecureContext };
}

function makeDispatcher(undici: Undici, proxy: Proxy | undefined, options: DispatcherOptions): Dispatcher {
  const { connectTimeout, tls } = options;
  const common = {
    // One request at a time per connection. With 0, a connection is also used only once (undici, Client).
    pipelining: options.fresh ? 0 : 1,
    connections: perOrigin,
    keepAliveTimeout: 15_000,
    // With HTTP/1.1, a lost connection affects only one request.
    allowH2: false,
  };
  if (!proxy) return new undici.Agent({ ...common, connect: tls });
  return new undici.ProxyAgent({
    ...common,
    uri: proxy.uri,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    requestTls: { ...tls, allowH2: false },
    proxyTls: { ...tls, allowH2: false },
    // Without this limit, undici waits five minutes for a proxy that accepts the connection but sends nothing.
    clientFactory: (origin, given) => new undici.Pool(origin, { ...given, headersTimeout: connectTimeout }),
  });
}
