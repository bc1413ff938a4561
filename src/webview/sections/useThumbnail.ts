import { useLayoutEffect, useState } from 'preact/hooks';
import type { AssetSource } from '../../shared/asset.ts';
import { type AssetView, sourceKey } from '../../shared/protocol.ts';
import { usePage } from './pageContext.ts';

export interface Thumbnail {
  /** Identifies the version of the file. */
  readonly key: string;
  /** Undefined while the thumbnail is being created. */
  readonly url: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** The thumbnail of an image or a video, or undefined if there is none. */
export function useThumbnail(
  source: AssetSource | undefined,
  asset: AssetView | undefined,
): Thumbnail | undefined {
  const { thumbnails } = usePage();
  const [created, setCreated] = useState<{ readonly key: string; readonly url: string | undefined }>();
  const info = asset?.status === 'ready' ? asset.info : undefined;
  const { mediaType, content } = asset?.status === 'ready' ? asset : {};
  const isShowable =
    source !== undefined && (info?.kind === 'image' || info?.kind === 'video') && mediaType !== undefined;
  const key = isShowable ? [sourceKey(source), info.modified, info.bytes, mediaType].join('\n') : undefined;
  // A layout effect requests the bytes immediately rather than after the first paint.
  useLayoutEffect(() => {
    if (!isShowable || key === undefined) return undefined;
    let isCurrent = true;
    void thumbnails.of(source, info, mediaType, content).then(url => {
      if (isCurrent) setCreated({ key, url });
    });
    return () => {
      isCurrent = false;
    };
  }, [key]);
  if (!isShowable || key === undefined) return undefined;
  const isCreated = created?.key === key;
  if (isCreated && created.url === undefined) return undefined;
  return { key, url: isCreated ? created.url : undefined, width: info.width, height: info.height };
}
