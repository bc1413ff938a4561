import { plainText as oneLine } from '../api/redact.ts';

/**
 * Notifications render Markdown links and `command:` addresses. Words of a server, and file names, are not ours:
 * brackets and angle brackets lose their meaning, control characters go, and length is bounded.
 */
export const plainText = (words: string, limit?: number): string =>
  oneLine(words, limit)
    .replace(/\[/g, '❲')
    .replace(/\]/g, '❳')
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/\bcommand:/gi, 'command ');
