// What is wrong with a file for an input of a kind.

/** It is a file for another input. */
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
