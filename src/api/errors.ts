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
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** The server's error code. There may be codes that we don't know. */
  readonly code?: string | undefined;
  /** The server's message: untrusted plain text of limited length. */
  readonly serverWords?: string | undefined;
  /** Whether the same request may succeed later (network, 429, 5xx, stall). */
  readonly transient: boolean;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /**
   * Whether a create request may have created a project even though its ID is unknown. Always false for other
   * operations.
   */
  readonly mayHaveBeenCreated: boolean;
}

/** A failed call: a message for the user, and details for the code that handles it. */
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
