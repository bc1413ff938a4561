import type { AssetKind } from '../tools/tool.ts';

/** The type of a file's content, determined from its bytes. Several extensions can have the same content. */
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

/** A type of content, used as one kind of input. MPEG-4 and WebM can be used as two kinds. */
export interface Format {
  readonly content: Content;
  readonly kind: AssetKind;
  /** The format's common name, which is the same in every language. */
  readonly label: string;
  /** The extensions that the API lists, the most common one first. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /**
   * Whether the page can show or play the format. VS Code's Chromium doesn't support AAC (microsoft/vscode#167685),
   * AMR, AIFF, HEIC, or TIFF.
   */
  readonly shown: boolean;
}

const image = { kind: 'image', shown: true } as const;
const audio = { kind: 'audio', shown: true } as const;
const video = { kind: 'video', shown: true } as const;

/** Everything that Magic Hour supports (`POST /v1/files/upload-urls`). */
const formats: readonly Format[] = [
  { ...image, content: 'png', label: 'PNG', extensions: ['png'], mediaType: 'image/png' },
  { ...image, content: 'jpeg', label: 'JPEG', extensions: ['jpg', 'jpeg', 'jfif'], mediaType: 'image/jpeg' },
  {
    ...image,
    content: 'heif',
    label: 'HEIC',
    extensions: ['heic', 'heif'],
    mediaType: 'image/heic',
    shown: false,
  },
  { ...image, content: 'webp', label: 'WebP', extensions: ['webp'], mediaType: 'image/webp' },
  { ...image, content: 'avif', label: 'AVIF', extensions: ['avif'], mediaType: 'image/avif' },
  { ...image, content: 'jp2', label: 'JPEG 2000', extensions: ['jp2'], mediaType: 'image/jp2', shown: false },
  {
    ...image,
    content: 'tiff',
    label: 'TIFF',
    extensions: ['tiff', 'tif'],
    mediaType: 'image/tiff',
    shown: false,
  },
  { ...image, content: 'bmp', label: 'BMP', extensions: ['bmp'], mediaType: 'image/bmp' },
  { ...audio, content: 'mp3', label: 'MP3', extensions: ['mp3'], mediaType: 'audio/mpeg' },
  { ...audio, content: 'wav', label: 'WAV', extensions: ['wav'], mediaType: 'audio/wav' },
  { ...audio, content: 'adts', label: 'AAC', extensions: ['aac'], mediaType: 'audio/aac', shown: false },
  { ...audio, content: 'flac', label: 'FLAC', extensions: ['flac'], mediaType: 'audio/flac' },
  { ...audio, content: 'matroska', label: 'WebM', extensions: ['webm', 'weba'], mediaType: 'audio/webm' },
  { ...audio, content: 'mp4', label: 'MPEG-4', extensions: ['m4a'], mediaType: 'audio/mp4', shown: false },
  { ...audio, content: 'ogg', label: 'Ogg', extensions: ['ogg', 'oga', 'opus'], mediaType: 'audio/ogg' },
  { ...audio, content: 'aiff', label: 'AIFF', extensions: ['aiff'], mediaType: 'audio/aiff', shown: false },
  { ...audio, content: 'amr', label: 'AMR', extensions: ['amr'], mediaType: 'audio/amr', shown: false },
  { ...video, content: 'mp4', label: 'MPEG-4', extensions: ['mp4', 'm4v', 'mov'], mediaType: 'video/mp4' },
  { ...video, content: 'matroska', label: 'WebM', extensions: ['webm'], mediaType: 'video/webm' },
];

const extensionsOf = (kind: AssetKind): readonly string[] =>
  formats.filter(format => format.kind === kind).flatMap(format => format.extensions);

/** The extensions that the API supports, in lowercase, without the dot. */
export const extensions: Readonly<Record<AssetKind, readonly string[]>> = {
  image: extensionsOf('image'),
  audio: extensionsOf('audio'),
  video: extensionsOf('video'),
};

/**
 * Returns the extension in lowercase, without the dot, or an empty string if there is none. Accepts a file name, a
 * path, or the path of a URL.
 */
export function extensionOf(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
}

/**
 * Returns the formats for a file name: several if its extension is used for several kinds, none if Magic Hour doesn't
 * support the extension.
 */
const formatsOf = (name: string): readonly Format[] => {
  const extension = extensionOf(name);
  return formats.filter(format => format.extensions.includes(extension));
};

/** Returns the format of the content, as this kind of input if possible. */
export const formatOfContent = (content: Content, kind: AssetKind): Format | undefined => {
  const all = formats.filter(format => format.content === content);
  return all.find(format => format.kind === kind) ?? all[0];
};

export const contentOf = (name: string): Content | undefined => formatsOf(name)[0]?.content;

/** `webm` can be audio or video. */
export const isOfKind = (name: string, kind: AssetKind): boolean =>
  formatsOf(name).some(format => format.kind === kind);

/** The most likely kind. `webm` counts as audio. */
export const kindOf = (name: string): AssetKind | undefined => formatsOf(name)[0]?.kind;

const formatAs = (name: string, kind: AssetKind | undefined): Format | undefined => {
  const all = formatsOf(name);
  return all.find(format => format.kind === kind) ?? all[0];
};

/** The media type for the page, because browsers ignore file names. */
export const mediaTypeOf = (name: string, kind?: AssetKind): string =>
  formatAs(name, kind)?.mediaType ?? 'application/octet-stream';

/** Whether the page can show or play the file's format. A file can still fail to play if a codec is missing. */
export const isShown = (name: string, kind?: AssetKind): boolean => formatAs(name, kind)?.shown ?? false;
