import type { Message } from './message.ts';
import type { AssetKind } from '../tools/tool.ts';

/** Where an input comes from. `uri` is a VS Code URI of any scheme. Magic Hour downloads a `url` itself. */
export type AssetSource =
  | { readonly kind: 'file'; readonly uri: string; readonly library?: LibraryReference | undefined }
  | { readonly kind: 'url'; readonly url: string };

/** A saved result that Magic Hour still has, so that it needs no upload while the file is as it was saved. */
export interface LibraryReference {
  readonly url: string;
  /** Identifies the file as it was saved. */
  readonly stamp: string;
}

/** What is known about an input without decoding it. `width` and `height` are in pixels, after EXIF rotation. */
export interface AssetInfo {
  readonly kind: AssetKind;
  /** The extension for the API: lowercase, without the dot. Taken from the content if possible, otherwise from the name. */
  readonly extension: string;
  readonly bytes: number;
  /** Modification time in milliseconds, to detect changes between the form and the upload. */
  readonly modified: number;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** In frames per second, of videos. */
  readonly frameRate?: number;
  /** A problem that doesn't prevent the job. One that does is thrown. */
  readonly warning?: Message;
}
