import type { AudioFile } from './waveform.ts';

/** Larger videos have no preview, because a preview reads the entire file. */
const maxBytes = 64 * 1024 * 1024;

/** A preview of a video's frames. */
export interface Frames {
  /** Shows the frame at this time, unless another frame is requested before it's decoded. */
  show(seconds: number): void;
  dispose(): void;
}

/** @param onShown Called when the first frame is visible. Never called if the page can't decode the video. */
export function openFrames(
  video: HTMLVideoElement,
  file: Pick<AudioFile, 'bytes' | 'readAll'>,
  onShown: () => void,
): Frames {
  const stop = new AbortController();
  const { signal } = stop;
  let wanted = 0;
  let isLoaded = false;
  const seek = () => {
    // Seeks one at a time, because a seek that's replaced before it finishes shows nothing.
    const target = Math.min(wanted, video.duration);
    if (isLoaded && !video.seeking && Math.abs(video.currentTime - target) > 0.01) video.currentTime = target;
  };
  const onLoaded = () => {
    isLoaded = true;
    seek();
    onShown();
  };
  video.addEventListener('loadeddata', onLoaded, { once: true, signal });
  video.addEventListener('seeked', seek, { signal });
  const load = async () => {
    const blob = await file.readAll();
    if (signal.aborted) return;
    const url = URL.createObjectURL(blob);
    signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
    video.src = url;
  };
  // Without a preview, the clip can still be chosen on the timeline.
  if (file.bytes <= maxBytes) void load().catch(() => undefined);
  return {
    show(seconds) {
      wanted = seconds;
      seek();
    },
    dispose() {
      stop.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
