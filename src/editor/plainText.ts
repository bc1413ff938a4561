import { singleLine } from '../api/redact.ts';

/**
 * Makes server messages and file names safe for notifications, which render Markdown links and `command:` URIs.
 * Replaces brackets, removes control characters, and limits the length.
 */
export const plainText = (text: string, limit?: number): string =>
  singleLine(text, limit)
    .replace(/\[/g, '❲')
    .replace(/\]/g, '❳')
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/\bcommand:/gi, 'command ');
