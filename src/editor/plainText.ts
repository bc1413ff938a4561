import { plainText as oneLine } from '../api/redact.ts';

/**
 * Makes server messages and file names safe for notifications, which render Markdown links and `command:` URIs.
 * Replaces brackets, removes control characters, and limits the length.
 */
export const plainText = (words: string, limit?: number): string =>
  oneLine(words, limit)
    .replace(/\[/g, '❲')
    .replace(/\]/g, '❳')
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/\bcommand:/gi, 'command ');
