import type { Message } from './message.ts';
import type { AssetKind } from '../tools/tool.ts';

/** The source of an input. `uri` is a VS Code URI with any scheme. `url` is downloaded by Magic Hour itself. */
export type AssetSource =
  | { readonly kind: 'file'; readonly uri: string; readonly library?: LibraryReference | undefined }
  | { readonly kind: 'url'; readonly url: string };

/**
 * A saved result that is still in the Magic Hour library. It doesn't need to be uploaded unless the file has changed.
 */
export interface LibraryReference {
  readonly url: string;
  /** Identifies the version of the file that was saved. */
  readonly stamp: string;
}

/** Information about an input, read without decoding it. `width` and `height` are in pixels, after EXIF rotation. */
export interface AssetInfo {
  readonly kind: AssetKind;
  /** The extension for the API: lowercase, without the dot. */
  readonly extension: string;
  readonly bytes: number;
  /** Modification time in milliseconds, to detect changes between the form and the upload. */
  readonly modified: number;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** In frames per second, for videos only. */
  readonly frameRate?: number;
  /** A problem that doesn't prevent the job from running. Any other problem is thrown. */
  readonly warning?: Message;
}
