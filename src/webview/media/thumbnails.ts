import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import { sourceKey } from '../../shared/protocol.ts';
import type { Ask } from '../channel.ts';
import { readBlob } from './bytes.ts';
import { inTurns } from './turns.ts';

/** Longer side of a preview in pixels: sharp in the largest card on a dense display, small in memory. */
const longerSide = 960;
/** A file above this is not read for the sake of a picture. */
const maxBytes = 64 * 1024 * 1024;

/** Small pictures of the inputs, made once per version of a file. The full-size image is let go at once. */
export class Thumbnails {
  readonly #ask: Ask;
  readonly #made = new Map<string, Promise<string | undefined>>();
  readonly #inTurns = inTurns(2);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** An address to show, or undefined where the page cannot show the picture. */
  of(source: AssetSource, info: AssetInfo, mediaType: string): Promise<string | undefined> {
    const key = `${sourceKey(source)}\n${info.modified}\n${info.bytes}`;
    let made = this.#made.get(key);
    if (!made) {
      made = this.#inTurns(() => this.#make(source, info, mediaType)).catch(() => undefined);
      this.#made.set(key, made);
    }
    return made;
  }

  async #make(source: AssetSource, info: AssetInfo, mediaType: string): Promise<string | undefined> {
    if (info.bytes > maxBytes) return undefined;
    const blob = await readBlob(this.#ask, source, info.bytes, mediaType);
    // Turns the picture as its EXIF orientation says.
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, longerSide / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(picture.width * scale)),
      Math.max(1, Math.round(picture.height * scale)),
    );
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return URL.createObjectURL(await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 }));
  }
}
