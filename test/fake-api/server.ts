import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { DEFAULT_KEY } from './accounts.ts';
import type { Account } from './accounts.ts';
import type { BehaviorChange } from './behavior.ts';
import type { Control } from './controlApi.ts';
import { controlListener } from './controlServer.ts';
import { listener } from './listener.ts';
import { LocalControl } from './localControl.ts';
import { State } from './state.ts';

export interface FakeApiOptions {
  /** The ports. The default is any free port. */
  port?: number;
  storagePort?: number;
  controlPort?: number;
  /** The host name in the URLs, for certificates with a host name. The servers always listen on 127.0.0.1. */
  host?: string;
  /** The base URL of the storage for clients, if they connect through something else, such as a slow proxy. */
  storageUrl?: string;
  /** The key and certificate (PEM) for serving the API and the storage over TLS. The control stays on HTTP. */
  tls?: { key: string; cert: string };
  behavior?: BehaviorChange;
  account?: Partial<Omit<Account, 'id'>>;
}

/** A running fake API. */
export interface FakeApi {
  readonly apiUrl: string;
  readonly storageUrl: string;
  /** The URL for {@link FakeApiControl}. */
  readonly controlUrl: string;
  readonly control: Control;
  /** Closes all connections and frees the ports. */
  close(): Promise<void>;
}

/**
 * Starts the fake API with three origins on loopback: the API, the storage host, and the control. It accepts the key
 * `mhk_live_test`, which has 1240 credits.
 */
export async function startFakeApi(options: FakeApiOptions = {}): Promise<FakeApi> {
  const { host = '127.0.0.1', tls } = options;
  const state = new State(options.behavior);
  const sockets = new Set<Socket>();
  const disconnect = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const serve = (handler: RequestListener): Server => {
    const server = tls ? createHttpsServer(tls, handler) : createHttpServer(handler);
    server.on('connection', (socket: Socket) => {
      if (state.behavior.offline) return socket.destroy();
      sockets.add(socket);
      state.journal.count('sockets', 1);
      socket.once('close', () => {
        sockets.delete(socket);
        state.journal.count('sockets', -1);
      });
    });
    // In some tests, sending a request body takes minutes.
    server.requestTimeout = 0;
    return server;
  };
  const control = new LocalControl(state, disconnect);
  if (options.account) control.setAccount(options.account, DEFAULT_KEY);
  const servers = [serve(listener(state, 'api')), serve(listener(state, 'storage'))];
  const controlServer = createHttpServer(controlListener(control));
  controlServer.requestTimeout = 0;
  const [apiPort, storagePort, controlPort] = await Promise.all([
    listen(servers[0], options.port),
    listen(servers[1], options.storagePort),
    listen(controlServer, options.controlPort),
  ]);
  const scheme = tls ? 'https' : 'http';
  const storageUrl = options.storageUrl ?? `${scheme}://${host}:${storagePort}`;
  state.signatures.origin = storageUrl;
  return {
    apiUrl: `${scheme}://${host}:${apiPort}`,
    storageUrl,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    control,
    async close() {
      const all = [...servers, controlServer];
      const closed = Promise.all(all.map(async server => await once(server, 'close')));
      for (const server of all) server.close();
      disconnect();
      controlServer.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server | undefined, port = 0): Promise<number> {
  if (!server) throw new Error('no server');
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
