import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import type { TestContext } from 'node:test';

export interface Proxy {
  readonly url: string;
  readonly port: number;
  /** The `host:port` of every requested tunnel. */
  readonly asked: string[];
}

export interface ProxyOptions {
  /** The required `Proxy-Authorization`. Any other value gets a 407. */
  readonly authorization?: string;
  /** The local port that all tunnels lead to. The default is the requested port. */
  readonly to?: number;
  /** Refuses every tunnel with this status. If 0, never responds. */
  readonly status?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts a forward proxy that supports tunnels, for one test. */
export async function startProxy(t: Pick<TestContext, 'after'>, options: ProxyOptions): Promise<Proxy> {
  const server = options.tls ? createSecureServer(options.tls) : createServer();
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(request.url ?? '');
    client.on('error', () => client.destroy());
    const wanted = options.authorization;
    const refuse = (status: number): void => void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) return refuse(407);
    if (options.status === 0) return;
    if (options.status !== undefined) return refuse(options.status);
    const port = options.to ?? Number(request.url?.split(':').at(-1));
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked };
}
