import * as v from 'valibot';
import type { ProjectKind } from '../tools/tool.ts';
import { validateApiUrl } from './apiUrl.ts';
import { ApiError, type Operation } from './errors.ts';
import { exchange, type OutgoingBody, type Wire } from './exchange.ts';
import { get } from './get.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createConnections } from './network.ts';
import { put } from './put.ts';
import { redact } from './redact.ts';
import { refusalError } from './refusal.ts';
import { type Reply, ReplyTooLarge, readRefusal, readReply } from './reply.ts';
import type { NetworkSettings } from './route.ts';
import * as schemas from './schemas.ts';
import { storageUrl } from './storageUrl.ts';
import type { CallOptions, MagicHourApi } from './types.ts';

export interface ApiOptions {
  /** As set by a person: see `validateApiUrl`. */
  readonly apiUrl: string;
  /** Sent to the origin of `apiUrl` and nowhere else. */
  readonly key: string;
  /** Asked before every request, so that changed settings apply to the next one. */
  readonly network: () => NetworkSettings;
  readonly userAgent: string;
  readonly log: { trace(message: string): void; warn(message: string): void };
  readonly limits?: Limits;
}

interface Call {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base address. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The client. Nothing is loaded or connected before the first call.
 * Throws `HumanError` when `apiUrl` cannot be used.
 */
export function createApi(options: ApiOptions): MagicHourApi {
  const { key, userAgent, log, limits = defaultLimits } = options;
  const base = validateApiUrl(options.apiUrl);
  const apiUrl = new URL(base);
  const connections = createConnections(options.network, limits.connect, log);
  const wire: Wire = { connections, secrets: [key], log };
  const storage = { ...wire, headers: { 'user-agent': userAgent } };

  /** One call of the API itself, the only kind that carries the key. */
  async function call({ operation, method, path, body, signal }: Call): Promise<Reply> {
    if (!isKey(key)) {
      const details = { operation, transient: false, mayHaveBeenCreated: false };
      throw new ApiError('api.key.malformed', details, { suggestedAction: 'setApiKey' });
    }
    const headers = {
      authorization: `Bearer ${key}`,
      accept: 'application/json',
      'user-agent': userAgent,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const out = {
      operation,
      method,
      url: new URL(base + path),
      headers,
      ...(body !== undefined && { body: jsonBody(body) }),
      limits: limits[operation],
      signal,
      fresh: operation === 'create',
    };
    return exchange(wire, out, async answer => {
      const reply = await readReply(answer).catch((error: unknown) => {
        throw error instanceof ReplyTooLarge ? unreadable(operation, answer.status, 'api.tooLarge') : error;
      });
      if (reply.status >= 200 && reply.status < 300) return reply;
      throw refusalError({
        ...reply,
        operation,
        refusal: readRefusal(reply, wire.secrets),
        host: apiUrl.host,
      });
    });
  }

  function unreadable(
    operation: Operation,
    status: number,
    why: 'api.malformed' | 'api.tooLarge' | 'api.notMagicHour',
    cause?: Error,
  ): ApiError {
    const mayHaveBeenCreated = operation === 'create';
    return new ApiError(
      mayHaveBeenCreated ? 'api.create.unsure' : why,
      { operation, status, transient: !mayHaveBeenCreated, mayHaveBeenCreated },
      { args: { host: apiUrl.host }, suggestedAction: mayHaveBeenCreated ? 'openLibrary' : 'retry', cause },
    );
  }

  function parse<S extends v.GenericSchema>(schema: S, operation: Operation, reply: Reply): v.InferOutput<S> {
    const read = v.safeParse(schema, reply.json);
    if (read.success) return read.output;
    const why = reply.html ? 'api.notMagicHour' : 'api.malformed';
    throw unreadable(operation, reply.status, why, misfit(read.issues));
  }

  return {
    async account({ signal }: CallOptions = {}) {
      const operation = 'account';
      try {
        const reply = await call({ operation, method: 'GET', path: '/v1/account', signal });
        const read = v.safeParse(schemas.account, reply.json);
        if (read.success) return read.output;
        // The key was good, but how many credits there are cannot be told.
        if (typeof reply.json === 'object' && reply.json !== null) return undefined;
        throw unreadable(operation, reply.status, reply.html ? 'api.notMagicHour' : 'api.malformed');
      } catch (error) {
        if (error instanceof ApiError && error.details.status === 404) return undefined;
        throw error;
      }
    },

    async uploadUrls(items, { signal } = {}) {
      const operation = 'uploadUrls';
      const body = { items: items.map(({ type, extension }) => ({ type, extension })) };
      const reply = await call({ operation, method: 'POST', path: '/v1/files/upload-urls', body, signal });
      const targets = parse(schemas.uploadTargets, operation, reply).items;
      if (targets.length !== items.length) throw unreadable(operation, reply.status, 'api.malformed');
      return targets.map(target => ({
        url: storageUrl(target.upload_url, operation, apiUrl).href,
        expiresAt: target.expires_at,
        filePath: target.file_path,
      }));
    },

    async create(path, body, { signal } = {}) {
      const operation = 'create';
      const reply = await call({ operation, method: 'POST', path, body, signal });
      return parse(schemas.created, operation, reply);
    },

    async project(kind, id, { signal } = {}) {
      const operation = 'project';
      const reply = await call({ operation, method: 'GET', path: projectPath(kind, id, operation), signal });
      const project = parse(schemas.project, operation, reply);
      if (project.id !== id) throw unreadable(operation, reply.status, 'api.malformed');
      const { error } = project;
      return {
        ...project,
        error: error && { code: error.code, message: redact(error.message, wire.secrets) },
      };
    },

    async deleteProject(kind, id, { signal } = {}) {
      const operation = 'deleteProject';
      const path = projectPath(kind, id, operation);
      try {
        await call({ operation, method: 'DELETE', path, signal });
      } catch (error) {
        // It is gone, which is what was asked for.
        if (!(error instanceof ApiError && error.details.status === 404)) throw error;
      }
    },

    async put(url, file, options = {}) {
      await put(storage, storageUrl(url, 'upload', apiUrl), file, limits.upload, options);
    },

    get(url, path, options = {}) {
      return get(storage, apiUrl, url, path, limits.download, options);
    },

    dispose: () => connections.close(),
  };
}

/** What can stand in a header: no key has anything else. */
const isKey = (key: string): boolean => /^[\x21-\x7e]{1,512}$/u.test(key);

/** Names the fields that did not fit, for the log, and none of their values. */
function misfit(issues: readonly v.BaseIssue<unknown>[]): Error {
  const fields = issues.slice(0, 5).map(issue => `${v.getDotPath(issue) ?? 'reply'} (${issue.type})`);
  return new Error(`Unreadable: ${fields.join(', ')}`);
}

/** @throws ApiError when `id` is none; a person may have typed it. */
function projectPath(kind: ProjectKind, id: string, operation: Operation): string {
  if (!v.is(schemas.projectId, id)) {
    throw new ApiError('api.project.idInvalid', { operation, transient: false, mayHaveBeenCreated: false });
  }
  return `/v1/${kind}-projects/${id}`;
}

function jsonBody(value: unknown): OutgoingBody {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  return {
    bytes: bytes.byteLength,
    chunks: (async function* () {
      yield bytes;
    })(),
  };
}
