import { createHash } from 'node:crypto';
import type { Exchange } from './exchange.ts';
import { drain, readBody } from './inbound.ts';
import { emptyReply, storageError } from './reply.ts';
import type { Reply, ViolationKind } from './reply.ts';
import type { State } from './state.ts';
import { KEPT_BYTES } from './uploads.ts';

/** Responds to a request to the storage origin, which is a PUT of an input or a GET of a result with a signed URL. */
export async function answerStorage(state: State, exchange: Exchange): Promise<Reply> {
  const { request, route, record, url } = exchange;
  const violate = (kind: ViolationKind, why: string): void => state.journal.violation(record, kind, why);
  if (request.headers.authorization !== undefined) {
    violate('authorization-on-storage', 'the storage host was sent an Authorization header');
    await drain(exchange, state.faults);
    return storageError(400, 'InvalidArgument');
  }
  if (route.operation === 'unknown') {
    violate('unknown-route', `${request.method} is not a method of the storage host`);
    return storageError(405, 'MethodNotAllowed');
  }
  const signature = state.signatures.check(url);
  if (signature !== 'good') {
    // An expired URL is normal, but a URL that was never issued is the client's mistake.
    if (signature === 'unsigned') violate('unsigned-url', `${url.pathname} was not signed`);
    await drain(exchange, state.faults);
    return storageError(403, 'AccessDenied');
  }
  return route.operation === 'put' ? await put(state, exchange, violate) : get(state, exchange);
}

async function put(
  state: State,
  exchange: Exchange,
  violate: (kind: ViolationKind, why: string) => void,
): Promise<Reply> {
  const { request, url } = exchange;
  const upload = state.uploads.find(url.pathname.slice(1));
  const length = Number(request.headers['content-length'] ?? NaN);
  const refuse = async (status: number, code: string): Promise<Reply> => {
    await drain(exchange, state.faults);
    return storageError(status, code);
  };
  if (!upload) return await refuse(403, 'AccessDenied');
  if (Number.isNaN(length)) {
    violate('put-without-length', 'a PUT needs a Content-Length');
    return await refuse(411, 'MissingContentLength');
  }
  if (length > state.behavior.maxUploadBytes) return await refuse(413, 'EntityTooLarge');
  const hash = createHash('sha256');
  let chunks: Buffer[] | undefined = length <= KEPT_BYTES ? [] : undefined;
  for await (const chunk of readBody(exchange, state.faults)) {
    hash.update(chunk);
    chunks?.push(chunk);
  }
  if (length === 0) violate('empty-put', 'an empty file was uploaded');
  if (upload.puts > 0) violate('put-twice', 'an upload URL was used twice');
  upload.puts++;
  upload.storedAt = state.clock.now();
  upload.length = length;
  upload.sha256 = hash.digest('hex');
  upload.contentType = request.headers['content-type'];
  upload.bytes = chunks && Buffer.concat(chunks);
  chunks = undefined;
  return emptyReply(200, { etag: `"${upload.sha256.slice(0, 32)}"` });
}

function get(state: State, { request, url }: Exchange): Reply {
  const output = state.projects.outputAt(url.pathname);
  if (!output) return storageError(404, 'NoSuchKey');
  const etag = `"${output.sha256.slice(0, 32)}"`;
  const headers = { 'content-type': output.contentType, etag };
  const whole: Reply = { status: 200, headers, body: output.bytes };
  if (!state.behavior.ranges) return whole;
  const ranged = { ...headers, 'accept-ranges': 'bytes' };
  const condition = request.headers['if-range'];
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range || (condition !== undefined && condition !== etag)) return { ...whole, headers: ranged };
  const size = output.bytes.length;
  const first = Number(range[1]);
  const last = Math.min(range[2] ? Number(range[2]) : size - 1, size - 1);
  if (first >= size || last < first) {
    return { ...storageError(416, 'InvalidRange'), headers: { 'content-range': `bytes */${size}` } };
  }
  return {
    status: 206,
    headers: { ...ranged, 'content-range': `bytes ${first}-${last}/${size}` },
    body: output.bytes.subarray(first, last + 1),
  };
}
