import type { ProjectKind } from '../tools/tool.ts';

/** The extensions that results may have, by media type. The server's file name is never used. */
const byMediaType: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/tiff': 'tiff',
  'image/bmp': 'bmp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-m4v': 'm4v',
};
const known = new Set([...Object.values(byMediaType), 'jpeg', 'tif', 'heif']);

/** The extension of a result, without the dot: from its media type, its URL, or the usual one of its kind. */
export function resultExtension(
  kind: ProjectKind,
  mediaType: string | undefined,
  url: string | undefined,
): string {
  const type = mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const byType = byMediaType[type];
  if (byType) return byType;
  const path = url && URL.canParse(url) ? new URL(url).pathname : '';
  const byName = /\.([a-z0-9]{1,5})$/i.exec(path)?.[1]?.toLowerCase();
  if (byName && known.has(byName)) return byName;
  return kind === 'image' ? 'png' : 'mp4';
}

/** Device names on Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Most file systems allow 255 bytes; `-1234.jpeg` and the name of the partial download need some of them. */
const longestStem = 200;

/** A file name that is valid on every system and stays in its folder. Never empty. */
export function safeStem(stem: string, projectId: string): string {
  const id = projectId.replace(/[^\w-]/g, '').slice(0, 64);
  const plain = stem
    .replaceAll('${id}', id)
    // What Windows forbids, slashes, invisible characters, and those that change the writing direction.
    .replace(/[<>:"/\\|?*\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu, '_')
    .replace(/^[\s.]+/, '');
  const short = cutToBytes(plain, longestStem).replace(/[\s.]+$/, '');
  if (short === '') return 'result';
  return reserved.test(short) ? `_${short}` : short;
}

/** Never cuts a visible character in two. */
function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(cut + segment) > bytes) break;
    cut += segment;
  }
  return cut;
}

/** `anna.png`, `anna-2.png`, `anna-3.png` …, without those that are taken, whatever their case. */
export function* candidateNames(stem: string, extension: string, taken: Iterable<string>): Generator<string> {
  const lower = new Set(Array.from(taken, name => name.normalize('NFC').toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.${extension}` : `${stem}-${n}.${extension}`;
    if (!lower.has(name.normalize('NFC').toLowerCase())) yield name;
  }
}
