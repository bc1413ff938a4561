import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control } from './controlApi.ts';
import { isObject } from './shape.ts';

/**
 * Serves the control over HTTP, on its own origin. `POST /` with `{ "member": …, "args": […] }` returns
 * `{ "value": … }` or `{ "error": … }`. A call that waits, such as `held`, gets its response once it's done.
 */
export function controlListener(control: Control) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    call(control, request).then(
      value => reply(response, 200, { value }),
      (error: unknown) =>
        reply(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    );
  };
}

async function call(control: Control, request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const message: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (!isObject(message) || typeof message.member !== 'string' || !Array.isArray(message.args)) {
    throw new Error('A call is { member, args }');
  }
  const { member, args } = message;
  if (member === 'constructor' || !(member in control)) throw new Error(`The control has no ${member}`);
  const found: unknown = Reflect.get(control, member, control);
  const value: unknown = typeof found === 'function' ? await Reflect.apply(found, control, args) : found;
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
