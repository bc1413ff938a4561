import type { Message } from './message.ts';
import type { AssetKind } from '../tools/tool.ts';

/** Where an input comes from. `uri` is a VS Code URI as text (any scheme); `url` is fetched by Magic Hour itself. */
export type AssetSource =
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'url'; readonly url: string };

/** What is known of an input, found out without decoding it. Lengths in seconds, sizes in pixels after EXIF rotation. */
export interface AssetInfo {
  readonly kind: AssetKind;
  /** Lower-case extension as the API wants it, without the dot; from the content where it can be told, else the name. */
  readonly extension: string;
  readonly bytes: number;
  /** Modification time in milliseconds, to notice a change between form and upload. */
  readonly modified: number;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** Something odd that does not stop the job. What stops it is thrown. */
  readonly warning?: Message;
}
