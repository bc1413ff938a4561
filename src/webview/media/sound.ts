/** Whether this build can decode AAC at all: plain Chromium and Chrome can, VS Code's own build cannot. */
export function playsAac(): boolean {
  return document.createElement('video').canPlayType('video/mp4; codecs="avc1.42E01E, mp4a.40.2"') !== '';
}

/** Chromium counts decoded bytes: pictures but no sound means that the sound cannot be decoded. */
export function decodesNoSound(video: HTMLVideoElement): boolean {
  const counts = video as HTMLVideoElement & {
    readonly webkitAudioDecodedByteCount?: number;
    readonly webkitVideoDecodedByteCount?: number;
  };
  return counts.webkitAudioDecodedByteCount === 0 && (counts.webkitVideoDecodedByteCount ?? 0) > 0;
}
