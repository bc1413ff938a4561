import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Maximum delay of a late timer, in milliseconds, that the network makes up for. As a side effect, a network that was
 * idle sends its first bytes faster.
 */
export const grace = 20;

export interface NetworkOptions {
  /** The upload speed, shared by all connections. */
  readonly bitsPerSecond: number;
  /** In milliseconds. */
  readonly roundTrip: number;
}

/** A proxy to a local port that limits the upload speed and adds a round-trip time. */
export async function startSlowNetwork(
  port: number,
  { bitsPerSecond, roundTrip }: NetworkOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  let free = performance.now();
  const uplink = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const now = performance.now();
        free = Math.max(free, now - grace) + (chunk.length * 8_000) / bitsPerSecond;
        setTimeout(() => done(null, chunk), Math.max(0, free - now));
      },
    });
  /** Delays all data by the round-trip time, keeping the order and without reducing the throughput. */
  const latency = (): Transform => {
    let end = Promise.resolve();
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const arrival = delay(roundTrip);
        end = end.then(() => arrival).then(() => void this.push(chunk));
        done();
      },
      async flush(done) {
        await end;
        done();
      },
    });
  };
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const target = connect(port, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {
        client.destroy();
        target.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(uplink()).pipe(target);
    if (roundTrip > 0) target.pipe(latency()).pipe(client);
    else target.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
