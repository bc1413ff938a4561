/** A storage server that accepts any upload and discards it, as fast as Node can. Prints its URL. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let uploads = 0;
const server = createServer((request, response) => {
  if (request.method === 'POST') {
    const [body] = [[] as Buffer[]];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(body).toString()) as { items: { extension: string }[] };
      const items = asked.items.map(({ extension }) => {
        const path = `api-assets/bench/${++uploads}.${extension}`;
        const expires = new Date(Date.now() + 3_600_000).toISOString();
        return { upload_url: `${url}/${path}?auth-value=none`, expires_at: expires, file_path: path };
      });
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ items }));
    });
    return;
  }
  request.resume();
  request.on('end', () => response.end());
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
console.log(url);
process.stdin.once('end', () => process.exit(0)).resume();
