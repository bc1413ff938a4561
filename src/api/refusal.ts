import type { SuggestedAction } from '../shared/message.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { ApiError, type Operation } from './errors.ts';
import { asSentence } from './redact.ts';
import type { Refusal } from './response.ts';
import { parseRetryAfter } from './retry.ts';

/** A response that isn't a success. `host` and `name` (the name of a file) are used in the message. */
export interface RefusedResponse {
  readonly operation: Operation;
  readonly status: number;
  header(this: void, name: string): string | undefined;
  readonly refusal: Refusal;
  readonly json?: unknown;
  readonly html: boolean;
  readonly host: string;
  readonly name?: string | undefined;
}

interface Verdict {
  readonly key: StringKey;
  readonly suggestedAction?: SuggestedAction;
  readonly transient?: boolean;
}

const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/** Turns a response that isn't a success into an error for the user. */
export function refusalError(response: RefusedResponse): ApiError {
  const { operation, status, refusal } = response;
  const mayHaveBeenCreated = couldHaveCreated(response);
  const verdict: Verdict = mayHaveBeenCreated
    ? { key: 'api.create.unsure', suggestedAction: 'openLibrary' }
    : operation === 'upload' || operation === 'download'
      ? storageVerdict(response)
      : apiVerdict(response);
  return new ApiError(
    verdict.key,
    {
      operation,
      status,
      code: refusal.code,
      serverWords: refusal.words,
      transient: !mayHaveBeenCreated && (verdict.transient ?? isTransientStatus(status)),
      retryAfter: parseRetryAfter(response.header('retry-after'), response.header('date'), Date.now()),
      mayHaveBeenCreated,
    },
    {
      args: {
        status,
        host: response.host,
        words: asSentence(refusal.words ?? ''),
        ...(response.name !== undefined && { name: response.name }),
      },
      ...(verdict.suggestedAction && { suggestedAction: verdict.suggestedAction }),
    },
  );
}

/**
 * Whether a failed create request could have created a project. A 4xx is a refusal. A 502 without an ID means that no
 * job was created (see the vendor's quick start), and so does a 503 from the API itself. After any other 5xx, or a 503
 * from a gateway, we can't know, so the request is never repeated automatically. A 303 means that the request was
 * handled.
 */
function couldHaveCreated({ operation, status, refusal, json }: RefusedResponse): boolean {
  if (operation !== 'create') return false;
  if (status >= 500 && typeof (json as { id?: unknown } | null | undefined)?.id === 'string') return true;
  if (status === 503) return !refusal.fromApi;
  return status === 303 || (status >= 500 && status !== 502);
}

function apiVerdict({ operation, status, refusal, html }: RefusedResponse): Verdict {
  const refused: Verdict = { key: refusal.words ? 'api.refused' : 'api.refused.status' };
  if (status >= 300 && status < 400) return { key: 'api.redirected', suggestedAction: 'openSettings' };
  if (status === 401) return { key: 'api.key.refused', suggestedAction: 'setApiKey' };
  if (status === 402) return payment(refusal);
  if (status === 403) return refusal.words ? { key: 'api.forbidden' } : refused;
  if (status === 429) return { key: 'api.busy', suggestedAction: 'retry' };
  if (status >= 500) return { key: 'api.server', suggestedAction: 'retry' };
  // A web page doesn't come from the API, so it says nothing about the project.
  if (html) return { key: 'api.notMagicHour', suggestedAction: 'retry', transient: true };
  if (status === 404) {
    if (operation === 'project') return { key: 'api.project.missing', suggestedAction: 'openLibrary' };
    return { key: 'api.route.missing', suggestedAction: 'openSettings' };
  }
  if (operation === 'uploadUrls' && status === 422 && refusal.words) return { key: 'api.upload.type' };
  if (operation === 'deleteProject' && refusal.words) return { key: 'api.project.kept' };
  return refused;
}

function payment({ code, words }: Refusal): Verdict {
  const suggestedAction = 'buyCredits';
  if (code === 'subscription_required')
    return { key: 'api.credits.subscription', suggestedAction: 'viewPlans' };
  if (code === 'plan_upgrade_required') return { key: 'api.credits.plan', suggestedAction: 'viewPlans' };
  // Until August 2026, a 402 had no code and meant this.
  if (code === 'insufficient_credits' || code === undefined) {
    return { key: 'api.credits.insufficient', suggestedAction };
  }
  return { key: words ? 'api.credits.payment' : 'api.credits.insufficient', suggestedAction };
}

/** The storage usually refuses because of the signed URL, so requesting a new one helps. */
function storageVerdict({ operation, status, refusal }: RefusedResponse): Verdict {
  const expired = status === 401 || status === 403 || status === 410 || refusal.code === 'ExpiredToken';
  const retry = { suggestedAction: 'retry', transient: true } as const;
  const redirected = status >= 300 && status < 400;
  if (operation === 'upload') {
    if (status === 413 || refusal.code === 'EntityTooLarge') {
      return { key: 'api.upload.tooLarge', suggestedAction: 'viewPlans' };
    }
    if (expired) return { key: 'api.upload.expired', ...retry };
    if (refusal.code === 'RequestTimeout') return { key: 'api.network.stalled', ...retry };
    return { key: 'api.upload.refused', suggestedAction: 'retry', ...(redirected && retry) };
  }
  if (expired) return { key: 'api.download.expired', ...retry };
  if (status === 404) return { key: 'api.download.missing', suggestedAction: 'openLibrary', transient: true };
  // After a 416, the partial file is discarded, so the next attempt doesn't request a range.
  return {
    key: 'api.download.refused',
    suggestedAction: 'retry',
    ...((redirected || status === 416) && retry),
  };
}
