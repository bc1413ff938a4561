// Messages about files that can't be used for an input, by the kind of file that the input accepts.

/** For files that are supported, but for another kind of input. */
export const otherKind = {
  image: 'asset.notImageKind',
  audio: 'asset.notAudioKind',
  video: 'asset.notVideoKind',
} as const;

export const unsupported = {
  image: 'asset.notAnImage',
  audio: 'asset.notAudio',
  video: 'asset.notVideo',
} as const;

export const noMedia = {
  image: 'asset.noMediaImage',
  audio: 'asset.noMediaAudio',
  video: 'asset.noMediaVideo',
} as const;
