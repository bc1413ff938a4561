/** The kinds of file the API stores, and the extensions it takes for each (POST /v1/files/upload-urls). */
export type AssetType = 'video' | 'audio' | 'image';

export const EXTENSIONS: Readonly<Record<AssetType, readonly string[]>> = {
  video: ['mp4', 'm4v', 'mov', 'webm'],
  audio: ['mp3', 'wav', 'aac', 'flac', 'webm', 'weba', 'm4a', 'opus', 'ogg', 'oga', 'aiff', 'amr'],
  image: ['png', 'jpg', 'jpeg', 'jfif', 'heic', 'heif', 'webp', 'avif', 'jp2', 'tiff', 'tif', 'bmp'],
};
