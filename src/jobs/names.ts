import { maxNameBytes, safeFileName } from '../shared/fileName.ts';
import type { ProjectKind } from '../tools/tool.ts';

/** The extensions for results, by media type. The server's file name is never used. */
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

/** The extension of a result, without the dot: from its media type, its URL, or else the default for its kind. */
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

const maxBytes = maxNameBytes - '-1234.jpeg'.length;

/** The file name of a result, without extension. Requires the project ID. */
export function safeStem(stem: string, projectId: string): string {
  const id = projectId.replace(/[^\w-]/g, '').slice(0, 64);
  return safeFileName(stem.replaceAll('${id}', id), maxBytes) || 'result';
}

/** Yields `anna.png`, `anna-2.png`, `anna-3.png` …, skipping names that are taken (ignoring case). */
export function* candidateNames(stem: string, extension: string, taken: Iterable<string>): Generator<string> {
  const lower = new Set(Array.from(taken, name => name.normalize('NFC').toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.${extension}` : `${stem}-${n}.${extension}`;
    if (!lower.has(name.normalize('NFC').toLowerCase())) yield name;
  }
}
