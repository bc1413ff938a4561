import type { SuggestedAction } from '../shared/message.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { ApiError, type Operation } from './errors.ts';
import type { Refusal } from './reply.ts';
import { asSentence } from './redact.ts';
import { parseRetryAfter } from './retry.ts';

/** An answer that is not a success. `host` and `name` (of a file) fill the placeholders of the words. */
export interface Refused {
  readonly operation: Operation;
  readonly status: number;
  header(this: void, name: string): string | undefined;
  readonly refusal: Refusal;
  readonly html: boolean;
  readonly host: string;
  readonly name?: string | undefined;
}

interface Verdict {
  readonly key: StringKey;
  readonly suggestedAction?: SuggestedAction;
  readonly transient?: boolean;
}

/** The server tells us to come back, or has a problem that passes. */
const passing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/** An answer that says no, as an error with words for people. */
export function refusalError(answer: Refused): ApiError {
  const { operation, status, refusal } = answer;
  const mayHaveBeenCreated = couldHaveCreated(answer);
  const verdict: Verdict = mayHaveBeenCreated
    ? { key: 'api.create.unsure', suggestedAction: 'openLibrary' }
    : operation === 'upload' || operation === 'download'
      ? storageVerdict(answer)
      : apiVerdict(answer);
  return new ApiError(
    verdict.key,
    {
      operation,
      status,
      code: refusal.code,
      serverWords: refusal.words,
      transient: !mayHaveBeenCreated && (verdict.transient ?? passing(status)),
      retryAfter: parseRetryAfter(answer.header('retry-after'), answer.header('date'), Date.now()),
      mayHaveBeenCreated,
    },
    {
      args: {
        status,
        host: answer.host,
        words: asSentence(refusal.words ?? ''),
        ...(answer.name !== undefined && { name: answer.name }),
      },
      ...(verdict.suggestedAction && { suggestedAction: verdict.suggestedAction }),
    },
  );
}

/**
 * Could a create have created a project although no id came? 4xx are refusals; 502 before an id means that no job was
 * created (the vendor's quick-start), and so does the API's own 503. Every other 5xx, and a 503 that some gateway on the
 * way wrote, leaves it open, and what is open is never bought again by itself. 303 says that the work was done.
 */
function couldHaveCreated({ operation, status, refusal }: Refused): boolean {
  if (operation !== 'create') return false;
  if (status === 503) return !refusal.enveloped;
  return status === 303 || (status >= 500 && status !== 502);
}

function apiVerdict({ operation, status, refusal, html }: Refused): Verdict {
  const refused: Verdict = { key: refusal.words ? 'api.refused' : 'api.refused.status' };
  if (status >= 300 && status < 400) return { key: 'api.redirected', suggestedAction: 'openSettings' };
  if (status === 401) return { key: 'api.key.refused', suggestedAction: 'setApiKey' };
  if (status === 402) return payment(refusal);
  if (status === 403) return refusal.words ? { key: 'api.forbidden' } : refused;
  if (status === 429) return { key: 'api.busy', suggestedAction: 'retry' };
  if (status >= 500) return { key: 'api.server', suggestedAction: 'retry' };
  // A web page is no answer of the API: what it says of a project is not believed.
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
  if (code === 'subscription_required') return { key: 'api.credits.subscription', suggestedAction };
  if (code === 'plan_upgrade_required') return { key: 'api.credits.plan', suggestedAction };
  // Until August 2026 there was no code, and 402 meant this.
  if (code === 'insufficient_credits' || code === undefined) {
    return { key: 'api.credits.insufficient', suggestedAction };
  }
  return { key: words ? 'api.credits.payment' : 'api.credits.insufficient', suggestedAction };
}

/** A storage's no is mostly about the signed address, so a fresh one helps. */
function storageVerdict({ operation, status, refusal }: Refused): Verdict {
  const expired = status === 401 || status === 403 || status === 410 || refusal.code === 'ExpiredToken';
  const retry = { suggestedAction: 'retry', transient: true } as const;
  const redirected = status >= 300 && status < 400;
  if (operation === 'upload') {
    if (status === 413 || refusal.code === 'EntityTooLarge') {
      return { key: 'api.upload.tooLarge', suggestedAction: 'buyCredits' };
    }
    if (expired) return { key: 'api.upload.expired', ...retry };
    if (refusal.code === 'RequestTimeout') return { key: 'api.network.stalled', ...retry };
    return { key: 'api.upload.refused', suggestedAction: 'retry', ...(redirected && retry) };
  }
  if (expired) return { key: 'api.download.expired', ...retry };
  if (status === 404) return { key: 'api.download.missing', suggestedAction: 'openLibrary', transient: true };
  // What was there of the file is given up after a 416, so that the next attempt asks for no range.
  return {
    key: 'api.download.refused',
    suggestedAction: 'retry',
    ...((redirected || status === 416) && retry),
  };
}
