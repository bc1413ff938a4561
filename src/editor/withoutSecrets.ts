import { redact } from '../api/redact.ts';

/**
 * Removes keys, credentials, and everything after the path of URLs from a log message. This is only the last line of
 * defense. No secrets should be passed to the log in the first place.
 */
export const withoutSecrets = (message: string): string =>
  redact(message, [])
    .replace(/\bmhk_[\w-]+/g, 'mhk_…')
    .replace(/\b(Bearer|Basic)\s+[^\s"']+/gi, '$1 …');
