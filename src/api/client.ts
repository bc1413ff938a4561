import * as v from 'valibot';
import type { ProjectKind } from '../tools/tool.ts';
import { createConnections } from './connections.ts';
import { download } from './download.ts';
import { ApiError, type Operation } from './errors.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { redact } from './redact.ts';
import { refusalError } from './refusal.ts';
import { readRefusal, readText, ResponseTooLargeError, type TextResponse } from './response.ts';
import type { NetworkSettings } from './route.ts';
import * as schemas from './schemas.ts';
import { type RequestBody, send, type Transport } from './send.ts';
import type { CallOptions, MagicHourApi } from './types.ts';
import { upload } from './upload.ts';
import { validateApiUrl, validateStorageUrl } from './urls.ts';

export interface ApiOptions {
  /** The value of the setting; see `validateApiUrl`. */
  readonly apiUrl: string;
  /** Sent only to the origin of `apiUrl`. */
  readonly key: string;
  /** Called before every request, so that changed settings apply to the next one. */
  readonly network: () => NetworkSettings;
  readonly userAgent: string;
  readonly log: { trace(message: string): void; warn(message: string): void };
  readonly limits?: Limits;
}

interface Call {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Relative to the base URL. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates the client. Nothing is loaded or connected before the first call.
 * @throws HumanError if `apiUrl` is invalid
 */
export function createApi(options: ApiOptions): MagicHourApi {
  const { key, userAgent, log, limits = defaultLimits } = options;
  const base = validateApiUrl(options.apiUrl);
  const apiUrl = new URL(base);
  const connections = createConnections(options.network, limits.connect, log);
  const transport: Transport = { connections, secrets: [key], log };
  const storage = { ...transport, headers: { 'user-agent': userAgent } };

  /** Calls the API itself. Only these requests contain the key. */
  async function call({ operation, method, path, body, signal }: Call): Promise<TextResponse> {
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
    const request = {
      operation,
      method,
      url: new URL(base + path),
      headers,
      ...(body !== undefined && { body: jsonBody(body) }),
      limits: limits[operation],
      signal,
      fresh: operation === 'create',
    };
    return send(transport, request, async response => {
      const text = await readText(response).catch((error: unknown) => {
        const isTooLarge = error instanceof ResponseTooLargeError;
        throw isTooLarge ? unreadable(operation, response.status, 'api.tooLarge') : error;
      });
      if (text.status >= 200 && text.status < 300) return text;
      throw refusalError({
        ...text,
        operation,
        refusal: readRefusal(text, transport.secrets),
        host: apiUrl.host,
      });
    });
  }

  function unreadable(
    operation: Operation,
    status: number,
    key: 'api.malformed' | 'api.tooLarge' | 'api.notMagicHour',
    cause?: Error,
  ): ApiError {
    const mayHaveBeenCreated = operation === 'create';
    return new ApiError(
      mayHaveBeenCreated ? 'api.create.unsure' : key,
      { operation, status, transient: !mayHaveBeenCreated, mayHaveBeenCreated },
      { args: { host: apiUrl.host }, suggestedAction: mayHaveBeenCreated ? 'openLibrary' : 'retry', cause },
    );
  }

  function parse<S extends v.GenericSchema>(
    schema: S,
    operation: Operation,
    response: TextResponse,
  ): v.InferOutput<S> {
    const read = v.safeParse(schema, response.json);
    if (read.success) return read.output;
    const key = response.html ? 'api.notMagicHour' : 'api.malformed';
    throw unreadable(operation, response.status, key, describeIssues(read.issues));
  }

  return {
    async account({ signal }: CallOptions = {}) {
      const operation = 'account';
      try {
        const response = await call({ operation, method: 'GET', path: '/v1/account', signal });
        const read = v.safeParse(schemas.account, response.json);
        if (read.success) return read.output;
        // The key is valid, but the number of credits is unknown.
        if (typeof response.json === 'object' && response.json !== null) return undefined;
        throw unreadable(operation, response.status, response.html ? 'api.notMagicHour' : 'api.malformed');
      } catch (error) {
        if (error instanceof ApiError && error.details.status === 404) return undefined;
        throw error;
      }
    },

    async uploadUrls(items, { signal } = {}) {
      const operation = 'uploadUrls';
      const body = { items: items.map(({ type, extension }) => ({ type, extension })) };
      const response = await call({ operation, method: 'POST', path: '/v1/files/upload-urls', body, signal });
      const targets = parse(schemas.uploadTargets, operation, response).items;
      if (targets.length !== items.length) throw unreadable(operation, response.status, 'api.malformed');
      return targets.map(target => ({
        url: validateStorageUrl(target.upload_url, operation, apiUrl).href,
        expiresAt: target.expires_at,
        filePath: target.file_path,
      }));
    },

    async create(path, body, { signal } = {}) {
      const operation = 'create';
      const response = await call({ operation, method: 'POST', path, body, signal });
      return parse(schemas.created, operation, response);
    },

    async project(kind, id, { signal } = {}) {
      const operation = 'project';
      const response = await call({
        operation,
        method: 'GET',
        path: projectPath(kind, id, operation),
        signal,
      });
      const project = parse(schemas.project, operation, response);
      if (project.id !== id) throw unreadable(operation, response.status, 'api.malformed');
      const { error } = project;
      return {
        ...project,
        error: error && { code: error.code, message: redact(error.message, transport.secrets) },
      };
    },

    async deleteProject(kind, id, { signal } = {}) {
      const operation = 'deleteProject';
      const path = projectPath(kind, id, operation);
      try {
        await call({ operation, method: 'DELETE', path, signal });
      } catch (error) {
        // The project is already gone, as desired. A 404 that's a web page (transient) doesn't come from the API.
        const isGone = error instanceof ApiError && error.details.status === 404 && !error.details.transient;
        if (!isGone) throw error;
      }
    },

    async put(url, file, options = {}) {
      await upload(storage, validateStorageUrl(url, 'upload', apiUrl), file, limits.upload, options);
    },

    get(url, path, options = {}) {
      return download(storage, apiUrl, url, path, limits.download, options);
    },

    dispose: () => connections.close(),
  };
}

/** Whether the key can be sent in a header. */
const isKey = (key: string): boolean => /^[\x21-\x7e]{1,512}$/u.test(key);

/** Lists the unexpected fields for the log, without their values. */
function describeIssues(issues: readonly v.BaseIssue<unknown>[]): Error {
  const fields = issues.slice(0, 5).map(issue => `${v.getDotPath(issue) ?? 'reply'} (${issue.type})`);
  return new Error(`Unreadable: ${fields.join(', ')}`);
}

/** @throws ApiError if `id` is malformed, because a user may have typed it */
function projectPath(kind: ProjectKind, id: string, operation: Operation): string {
  if (!v.is(schemas.projectId, id)) {
    throw new ApiError('api.project.idInvalid', { operation, transient: false, mayHaveBeenCreated: false });
  }
  return `/v1/${kind}-projects/${id}`;
}

function jsonBody(value: unknown): RequestBody {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  return {
    bytes: bytes.byteLength,
    chunks: (async function* () {
      yield bytes;
    })(),
  };
}
