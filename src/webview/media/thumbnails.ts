import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import { sourceKey } from '../../shared/protocol.ts';
import type { Ask } from '../channel.ts';
import { decodeBase64, readBlob } from './bytes.ts';
import { createLimiter } from './limiter.ts';

/** Longest side of a thumbnail in pixels. Sharp in the largest card on a high-density display, yet small in memory. */
const maxSide = 960;
/** Larger files don't get a thumbnail. */
const maxBytes = 64 * 1024 * 1024;

/** Thumbnails of images and videos, created once per version of a file. Full-size images aren't kept. */
export class Thumbnails {
  readonly #ask: Ask;
  readonly #created = new Map<string, Promise<string | undefined>>();
  readonly #limit = createLimiter(2);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * Resolves to a URL to show, or undefined if the page can't show the file.
   * @param content The bytes in base64, if the page already has them.
   */
  of(source: AssetSource, info: AssetInfo, mediaType: string, content?: string): Promise<string | undefined> {
    const key = `${sourceKey(source)}\n${info.modified}\n${info.bytes}`;
    let created = this.#created.get(key);
    if (!created) {
      created = this.#limit(() => this.#create(source, info, mediaType, content)).catch(() => undefined);
      this.#created.set(key, created);
    }
    return created;
  }

  async #create(
    source: AssetSource,
    info: AssetInfo,
    mediaType: string,
    content: string | undefined,
  ): Promise<string | undefined> {
    if (info.bytes > maxBytes) return undefined;
    const isSmall =
      info.kind === 'image' && Math.max(info.width ?? Number.POSITIVE_INFINITY, info.height ?? 0) <= maxSide;
    if (content && isSmall) return `data:${mediaType};base64,${content}`;
    const blob = content
      ? new Blob([decodeBase64(content)], { type: mediaType })
      : await readBlob(this.#ask, source, info.bytes, mediaType);
    if (isSmall) return URL.createObjectURL(blob);
    const picture = mediaType.startsWith('video/')
      ? await frameOf(blob)
      : // Applies the EXIF orientation.
        await createImageBitmap(blob);
    const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
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

/** A frame near the start of a video. @throws if the page can't decode the video. */
async function frameOf(blob: Blob): Promise<ImageBitmap> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(blob);
  const until = (event: 'loadedmetadata' | 'seeked') =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(event, () => resolve(), { once: true });
      video.addEventListener('error', () => reject(new Error('cannot be decoded')), { once: true });
    });
  try {
    const loaded = until('loadedmetadata');
    video.muted = true;
    video.preload = 'auto';
    video.src = url;
    await loaded;
    const shown = until('seeked');
    // The very first frame is often black.
    video.currentTime = Math.min(1, video.duration / 4);
    await shown;
    return await createImageBitmap(video);
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}
