import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from './accounts.ts';
import { breakOff } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { BodyLost, drain, readText } from './inbound.ts';
import { answer } from './operations.ts';
import { distort, send } from './outbound.ts';
import { emptyReply, errorReply, htmlReply, jsonReply, Refusal } from './reply.ts';
import type { Reply } from './reply.ts';
import { apiRoute, storageRoute } from './routes.ts';
import type { Json } from './shape.ts';
import { isObject } from './shape.ts';
import type { State } from './state.ts';
import { answerStorage } from './storage.ts';

/** Serves one origin: records each request, applies the armed fault, and otherwise responds like the API. */
export function listener(state: State, origin: 'api' | 'storage') {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(`http://stand-in${request.url ?? '/'}`);
    const method = request.method ?? 'GET';
    const route = origin === 'api' ? apiRoute(method, url.pathname) : storageRoute(method);
    const record = state.journal.open({ operation: route.operation, origin, method }, url, request.headers);
    record.project = route.projectId;
    const project = projectOf(route.projectId, origin, url);
    const fault = state.faults.strike(route.operation, project, url.pathname);
    record.fault = fault?.kind;
    const gone = new AbortController();
    const exchange: Exchange = {
      request,
      response,
      url,
      route,
      record,
      gone: gone.signal,
      fault,
      broken: false,
    };
    response.once('close', () => {
      const ended = exchange.broken ? 'broken' : 'aborted';
      const status = response.headersSent ? response.statusCode : undefined;
      state.journal.close(record, response.writableFinished ? 'answered' : ended, status);
      gone.abort();
    });
    request.on('error', () => undefined); // the response's close event records an aborted request
    serve(state, exchange).catch((error: unknown) => {
      if (!(error instanceof BodyLost)) console.error('fake API:', error);
      breakOff(exchange);
    });
  };
}

async function serve(state: State, exchange: Exchange): Promise<void> {
  const { record } = exchange;
  if (leaksKey(state, exchange))
    state.journal.violation(record, 'leaked-key', 'a key outside of Authorization');
  const struck = await strikeBefore(state, exchange);
  if (struck === 'broken') return breakOff(exchange);
  const natural = struck ?? (await naturalReply(state, exchange));
  const reply = await strikeAfter(
    state,
    exchange,
    struck === undefined ? distort(exchange, natural) : natural,
  );
  if (reply === 'broken') return breakOff(exchange);
  await send(exchange, reply, state.faults);
}

/**
 * Applies a fault that replaces the processing of the request. Returns undefined if the request should be processed.
 */
async function strikeBefore(state: State, exchange: Exchange): Promise<Reply | 'broken' | undefined> {
  const { fault, url, route } = exchange;
  switch (fault?.kind) {
    case 'status':
      if (fault.when === 'after') return undefined;
      if (!fault.early) await drain(exchange, state.faults);
      return statusReply(state, fault);
    case 'redirect':
      await drain(exchange, state.faults);
      return emptyReply(fault.status ?? 302, { location: fault.to });
    case 'reset':
      return (fault.when ?? 'before') === 'before' && fault.atByte === undefined ? 'broken' : undefined;
    case 'hold':
      if ((fault.when ?? 'before') !== 'before' || fault.atByte !== undefined) return undefined;
      return (await state.faults.hold(exchange.record, exchange.gone)) === 'continue' ? undefined : 'broken';
    case 'expire':
      state.signatures.revoke(url.pathname);
      return undefined;
    case 'gone': {
      const project = state.projects.find(route.projectId ?? '');
      if (project) state.projects.delete(project);
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Applies a fault to the response after the request has been processed. */
async function strikeAfter(state: State, exchange: Exchange, reply: Reply): Promise<Reply | 'broken'> {
  const { fault, record, gone } = exchange;
  if (fault?.kind === 'status' && fault.when === 'after') return statusReply(state, fault);
  if (fault?.kind === 'reset' && fault.when === 'after') return 'broken';
  if (fault?.kind === 'hold' && fault.when === 'after') {
    return (await state.faults.hold(record, gone)) === 'continue' ? reply : 'broken';
  }
  return reply;
}

function statusReply(state: State, fault: Extract<Exchange['fault'], { kind: 'status' }>): Reply {
  const { status, headers = {} } = fault;
  if (fault.json !== undefined) return jsonReply(status, fault.json, headers);
  if (fault.empty) return emptyReply(status, headers);
  if (fault.html !== undefined || status === 502) return htmlReply(status, fault.html, headers);
  const usual = errorReply(status, state.behavior.envelope);
  return { ...usual, headers: { ...usual.headers, ...headers } };
}

/** Returns the documented response, and records violations by the client. */
async function naturalReply(state: State, exchange: Exchange): Promise<Reply> {
  if (exchange.record.origin === 'storage') return await answerStorage(state, exchange);
  try {
    return await apiReply(state, exchange);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.violation) state.journal.violation(exchange.record, error.violation, error.message);
    return errorReply(error.status, state.behavior.envelope, error.message, error.code);
  }
}

async function apiReply(state: State, exchange: Exchange): Promise<Reply> {
  const { request, route, record } = exchange;
  const text = await readText(exchange, state.faults);
  if (route.operation === 'unknown') {
    throw new Refusal(404, 'Not Found', { violation: 'unknown-route' });
  }
  const account = authenticate(state, request);
  if (request.method !== 'POST') return answer(state, route, account, undefined);
  if (!text) throw new Refusal(400, 'Missing request body', { violation: 'malformed-json' });
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(400, 'The body must be application/json', { violation: 'not-json' });
  }
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    throw new Refusal(400, 'Malformed JSON', { violation: 'malformed-json' });
  }
  record.body = body;
  const reply = answer(state, route, account, body);
  if (route.tool) {
    const made: unknown = JSON.parse(reply.body.toString('utf8'));
    if (isObject(made)) record.project = String(made.id);
  }
  return reply;
}

function authenticate(state: State, request: IncomingMessage): Account {
  const header = request.headers.authorization;
  if (header === undefined) throw new Refusal(401, 'Unauthorized', { violation: 'missing-authorization' });
  const account = state.accounts.find(/^Bearer (\S+)$/.exec(header)?.[1] ?? '');
  if (!account) throw new Refusal(401, 'Unauthorized');
  return account;
}

/** Whether an accepted key is anywhere except in the header where it belongs. */
function leaksKey(state: State, { request }: Exchange): boolean {
  const { authorization: _, ...others } = request.headers;
  const seen = `${request.url} ${JSON.stringify(others)}`;
  return state.accounts.keys.some(key => seen.includes(key));
}

/** The project of a request. For the storage, it's the project whose result is downloaded. */
function projectOf(id: string | undefined, origin: 'api' | 'storage', url: URL): string | undefined {
  return origin === 'storage' ? url.pathname.split('/')[1] : id;
}
