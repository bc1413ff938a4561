import type { SecureContext } from 'node:tls';
import type { Agent, Dispatcher, Pool, ProxyAgent } from 'undici';
import { trust } from './certificates.ts';
import { type NetworkSettings, type Proxy, proxyFor } from './route.ts';

export interface Connection {
  readonly dispatcher: Dispatcher;
  readonly proxied: boolean;
}

/** Our own sockets: never those of the process-wide dispatchers that other extensions share. */
export interface Connections {
  /**
   * How to reach `url` under the settings of now.
   * @param fresh only on a connection that nothing was sent on before: a kept one may be closed by the server in the
   *   very moment we send, and then nobody knows whether the request was read.
   */
  to(url: URL, fresh?: boolean): Promise<Connection>;
  /** Closes idle sockets at once and the others when their requests have ended, which this waits for. */
  close(): Promise<void>;
}

/** Connections to one origin at a time. More wait in line, so that 500 jobs do not mean 500 sockets. */
const perOrigin = 8;

interface Undici {
  readonly Agent: typeof Agent;
  readonly Pool: typeof Pool;
  readonly ProxyAgent: typeof ProxyAgent;
}

/** Sockets that were made under one set of settings. */
class Era {
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
      // What failed to be made (a file, a certificate) is tried anew with the next request.
      dispatcher.catch(() => this.#dispatchers.delete(key));
    }
    return dispatcher;
  }

  /** Lets its requests end. */
  async end(): Promise<void> {
    const made = await Promise.allSettled(this.#dispatchers.values());
    const dispatchers = made.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.allSettled(dispatchers.map(dispatcher => dispatcher.close()));
  }
}

/**
 * @param settings asked before every request: a change applies to the next one, and what runs may end.
 * @param connectTimeout in milliseconds, for each of TCP, TLS and the proxy's answer.
 */
export function createConnections(
  settings: () => NetworkSettings,
  connectTimeout: number,
  log: { warn(message: string): void },
): Connections {
  let era: Era | undefined;
  const past = new Map<Era, Promise<void>>();

  const begin = (now: NetworkSettings, id: string): Era => {
    const trusted = once(() => trust(now, log));
    return new Era(id, async (proxy, fresh) => {
      const secureContext = await trusted();
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

  const retire = (old: Era): void => {
    past.set(
      old,
      old.end().finally(() => past.delete(old)),
    );
  };

  return {
    async to(url, fresh = false) {
      const now = settings();
      const id = identity(now);
      if (era?.id !== id) {
        if (era) retire(era);
        era = begin(now, id);
      }
      const proxy = proxyFor(url, now);
      return { dispatcher: await era.get(proxy, fresh), proxied: proxy !== undefined };
    },
    async close() {
      if (era) retire(era);
      era = undefined;
      await Promise.all(past.values());
    },
  };
}

/** All that sockets depend on. Compared, never shown: it may hold a proxy's password. */
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
    // One request at a time on a connection; 0 also means that it is used once (undici, Client).
    pipelining: options.fresh ? 0 : 1,
    connections: perOrigin,
    keepAliveTimeout: 15_000,
    // HTTP/1.1 throughout: one request, one connection, and clear what a break of it means.
    allowH2: false,
  };
  if (!proxy) return new undici.Agent({ ...common, connect: tls });
  return new undici.ProxyAgent({
    ...common,
    uri: proxy.uri,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    requestTls: { ...tls, allowH2: false },
    proxyTls: { ...tls, allowH2: false },
    // A proxy that takes the connection and then says nothing must not hold us for undici's five minutes.
    clientFactory: (origin, given) => new undici.Pool(origin, { ...given, headersTimeout: connectTimeout }),
  });
}
