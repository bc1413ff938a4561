/** Whether this build of Chromium can decode AAC. Chrome can, but VS Code's build can't (microsoft/vscode#167685). */
export function playsAac(): boolean {
  return document.createElement('video').canPlayType('video/mp4; codecs="avc1.42E01E, mp4a.40.2"') !== '';
}

/** Chromium counts decoded bytes. If it has decoded video but no audio, it can't decode the audio. */
export function decodesNoSound(video: HTMLVideoElement): boolean {
  const counts = video as HTMLVideoElement & {
    readonly webkitAudioDecodedByteCount?: number;
    readonly webkitVideoDecodedByteCount?: number;
  };
  return counts.webkitAudioDecodedByteCount === 0 && (counts.webkitVideoDecodedByteCount ?? 0) > 0;
}
