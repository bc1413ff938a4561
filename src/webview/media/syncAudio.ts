/** Milliseconds between drift checks. */
const checkInterval = 100;
/** Drift in seconds above which the audio seeks. Below it, the playback rate is changed inaudibly instead. */
const seekThreshold = 0.08;
/** Drift in seconds below which nothing is corrected. */
const tolerance = 0.01;
/** Maximum seconds that a seek aims ahead to make up for its own delay. */
const maxLead = 0.4;

/**
 * The playback rate that brings the audio back in sync, or `seek`.
 * @param drift Seconds by which the audio is ahead of the video.
 */
export function correction(drift: number): 'seek' | number {
  if (Math.abs(drift) > seekThreshold) return 'seek';
  if (Math.abs(drift) < tolerance) return 1;
  return Math.min(1.1, Math.max(0.9, 1 - drift * 2));
}

/**
 * Plays `audio` in sync with `video`, which controls playing, pausing, seeking, and speed.
 * @param offset Seconds into the audio where the video starts.
 */
export function syncAudio(
  video: HTMLVideoElement,
  audio: HTMLAudioElement,
  offset: number,
  signal: AbortSignal,
): void {
  const target = () => video.currentTime + offset;
  // The video keeps playing while the audio seeks, so a seek aims ahead by about as long as the last one took.
  let lead = 0;
  let lastSeek = 0;
  const seek = (ahead = 0) => {
    audio.currentTime = Math.max(0, target() + ahead);
    audio.playbackRate = video.playbackRate;
    lastSeek = audio.currentTime;
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const pause = () => {
    audio.pause();
    clearInterval(timer);
    timer = undefined;
  };
  const correctDrift = () => {
    if (audio.seeking || audio.paused || audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    // Seeking again before playback has resumed would keep the audio silent.
    if (audio.currentTime <= lastSeek) return;
    const drift = audio.currentTime - target();
    const change = correction(drift);
    if (change === 'seek') {
      lead = Math.min(maxLead, Math.max(0, lead - drift));
      seek(lead);
    } else audio.playbackRate = video.playbackRate * change;
  };
  const play = () => {
    seek(lead);
    // Rejected only before the first user gesture. The audio then starts the next time the video plays.
    if (target() < audio.duration) audio.play().catch(() => undefined);
    timer ??= setInterval(correctDrift, checkInterval);
  };
  const on = (events: readonly string[], listener: () => void) => {
    for (const event of events) video.addEventListener(event, listener, { signal });
  };
  on(['playing'], play);
  on(['pause', 'waiting', 'seeking', 'ended', 'emptied'], pause);
  on(['seeked'], () => (video.paused ? seek() : play()));
  on(['ratechange'], () => {
    audio.playbackRate = video.playbackRate;
  });
  on(['volumechange'], () => {
    audio.volume = video.volume;
  });
  signal.addEventListener('abort', pause, { once: true });
  if (!video.paused) play();
}
