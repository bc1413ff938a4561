import { HumanError, type MessageArgs, type SuggestedAction } from '../shared/message.ts';
import type { StringKey } from '../shared/strings/index.ts';

export type Operation =
  | 'account'
  | 'uploadUrls'
  | 'create'
  | 'project'
  | 'deleteProject'
  | 'upload'
  | 'download';

export interface ApiErrorDetails {
  readonly operation: Operation;
  /** HTTP status, when an answer came. */
  readonly status?: number | undefined;
  /** The server's `code`, an open set. */
  readonly code?: string | undefined;
  /** The server's own words: untrusted plain text, cut to a sane length. */
  readonly serverWords?: string | undefined;
  /** Trying the same again later may help (network, 429, 5xx, stall). */
  readonly transient: boolean;
  /** What the server asked us to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** Of a create: could a project exist although no id was read? Always false for other operations. */
  readonly mayHaveBeenCreated: boolean;
}

/** A call that did not do what it should, in words for people, with what a program needs to decide on. */
export class ApiError extends HumanError {
  readonly details: ApiErrorDetails;

  constructor(
    key: StringKey,
    details: ApiErrorDetails,
    options: { args?: MessageArgs; suggestedAction?: SuggestedAction; cause?: unknown } = {},
  ) {
    super(key, options.args, options);
    this.name = 'ApiError';
    this.details = details;
  }
}
