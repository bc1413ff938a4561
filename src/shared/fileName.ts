/** In bytes. This is the limit of eCryptfs, which encrypts home folders and NAS shares. Most file systems allow 255. */
export const maxNameBytes = 143;

/** Windows reserves these names for devices, with any extension. */
const devices = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;

/**
 * Returns a file name that is valid on every system and stays in its folder, or an empty string if nothing usable is
 * left.
 */
export function safeFileName(name: string, maxBytes: number): string {
  const plain = name
    // Characters forbidden on Windows, path separators, invisible characters, and marks that change the text direction.
    .replace(/[<>:"/\\|?*\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu, '_')
    // A leading dot hides a file, and a leading dash makes its name look like an option.
    .replace(/^[\s.-]+/, '');
  // Windows drops dots and spaces at the end.
  return cutToBytes(plain, maxBytes - 1)
    .replace(/[\s.]+$/, '')
    .replace(devices, '_$&');
}

/** Truncates text between characters as users see them (grapheme clusters). */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    bytes += utf8Length(segment);
    if (bytes > maxBytes) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** Shared code can't use `TextEncoder`, which is part of browsers and Node, not of the language. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
