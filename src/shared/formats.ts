import type { AssetKind } from '../tools/tool.ts';

/** What a file is by its bytes. Several extensions may stand for one content. */
export type Content =
  | 'png'
  | 'jpeg'
  | 'heif'
  | 'webp'
  | 'avif'
  | 'jp2'
  | 'tiff'
  | 'bmp'
  | 'mp3'
  | 'wav'
  | 'adts'
  | 'flac'
  | 'matroska'
  | 'mp4'
  | 'ogg'
  | 'aiff'
  | 'amr';

export interface Format {
  readonly kind: AssetKind;
  /** What people call it: the same word in every language. */
  readonly label: string;
  /** As the API lists them, the usual one first. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /** Can VS Code's page show or play it? Its Chromium has no AAC (microsoft/vscode#167685), AMR, AIFF, HEIC or TIFF. */
  readonly shown: boolean;
}

const image = { kind: 'image', shown: true } as const;
const audio = { kind: 'audio', shown: true } as const;

/** Everything Magic Hour takes (API notes, section 4: `POST /v1/files/upload-urls`). */
export const formats: Readonly<Record<Content, Format>> = {
  png: { ...image, label: 'PNG', extensions: ['png'], mediaType: 'image/png' },
  jpeg: { ...image, label: 'JPEG', extensions: ['jpg', 'jpeg', 'jfif'], mediaType: 'image/jpeg' },
  heif: { ...image, label: 'HEIC', extensions: ['heic', 'heif'], mediaType: 'image/heic', shown: false },
  webp: { ...image, label: 'WebP', extensions: ['webp'], mediaType: 'image/webp' },
  avif: { ...image, label: 'AVIF', extensions: ['avif'], mediaType: 'image/avif' },
  jp2: { ...image, label: 'JPEG 2000', extensions: ['jp2'], mediaType: 'image/jp2', shown: false },
  tiff: { ...image, label: 'TIFF', extensions: ['tiff', 'tif'], mediaType: 'image/tiff', shown: false },
  bmp: { ...image, label: 'BMP', extensions: ['bmp'], mediaType: 'image/bmp' },
  mp3: { ...audio, label: 'MP3', extensions: ['mp3'], mediaType: 'audio/mpeg' },
  wav: { ...audio, label: 'WAV', extensions: ['wav'], mediaType: 'audio/wav' },
  adts: { ...audio, label: 'AAC', extensions: ['aac'], mediaType: 'audio/aac', shown: false },
  flac: { ...audio, label: 'FLAC', extensions: ['flac'], mediaType: 'audio/flac' },
  matroska: { ...audio, label: 'WebM', extensions: ['webm', 'weba'], mediaType: 'audio/webm' },
  mp4: { ...audio, label: 'MPEG-4', extensions: ['m4a'], mediaType: 'audio/mp4', shown: false },
  ogg: { ...audio, label: 'Ogg', extensions: ['ogg', 'oga', 'opus'], mediaType: 'audio/ogg' },
  aiff: { ...audio, label: 'AIFF', extensions: ['aiff'], mediaType: 'audio/aiff', shown: false },
  amr: { ...audio, label: 'AMR', extensions: ['amr'], mediaType: 'audio/amr', shown: false },
};

const byExtension = new Map(
  Object.entries(formats).flatMap(([content, { extensions }]) =>
    extensions.map(extension => [extension, content as Content] as const),
  ),
);

const extensionsOf = (kind: AssetKind): readonly string[] =>
  [...byExtension].filter(([, content]) => formats[content].kind === kind).map(([extension]) => extension);

/** The extensions the API takes, lower case, without the dot. */
export const extensions: Readonly<Record<AssetKind, readonly string[]>> = {
  image: extensionsOf('image'),
  audio: extensionsOf('audio'),
};

/** Lower case, without the dot; empty when there is none. Takes a file name, a path, or the path of a URL. */
export function extensionOf(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
}

/** What the name promises; undefined when Magic Hour takes no such file. */
export const contentOf = (name: string): Content | undefined => byExtension.get(extensionOf(name));

export function formatOf(name: string): Format | undefined {
  const content = contentOf(name);
  return content && formats[content];
}

/** `webm` counts as audio here: no tool takes a video yet. */
export const kindOf = (name: string): AssetKind | undefined => formatOf(name)?.kind;

/** A media type for the page, which shows by content and not by name. */
export const mediaTypeOf = (name: string): string => formatOf(name)?.mediaType ?? 'application/octet-stream';

/** Can VS Code's page show or play it? A `true` is still to be tried: a codec may be missing. */
export const isShown = (name: string): boolean => formatOf(name)?.shown ?? false;
