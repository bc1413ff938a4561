import { redact } from '../api/redact.ts';

/**
 * A text for the log without keys, logins, and what stands behind the path of web addresses. The last line of defence:
 * nothing should hand a secret to the log in the first place.
 */
export const withoutSecrets = (message: string): string =>
  redact(message, [])
    .replace(/\bmhk_[\w-]+/g, 'mhk_…')
    .replace(/\b(Bearer|Basic)\s+[^\s"']+/gi, '$1 …');
