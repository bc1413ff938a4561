/** Milliseconds between two looks at the drift. */
const lookEvery = 100;
/** Drift in seconds that a jump mends; below it the sound runs a little faster or slower, which nobody hears. */
const jumpFrom = 0.08;
const drivenFrom = 0.01;
/** Seconds a jump may be ahead of the picture; more than that is no jump's delay. */
const longestLead = 0.4;

/**
 * How fast the sound must run to come back in step, or `jump`.
 * @param drift seconds by which the sound is ahead of the picture
 */
export function correction(drift: number): 'jump' | number {
  if (Math.abs(drift) > jumpFrom) return 'jump';
  if (Math.abs(drift) < drivenFrom) return 1;
  return Math.min(1.1, Math.max(0.9, 1 - drift * 2));
}

/**
 * Plays `audio` in step with `video`: play, pause, seek and speed are the video's.
 * @param offset seconds into the audio where the video begins
 */
export function followVideo(
  video: HTMLVideoElement,
  audio: HTMLAudioElement,
  offset: number,
  signal: AbortSignal,
): void {
  const target = () => video.currentTime + offset;
  // A jump takes its time, in which the picture goes on: how long, the last one has shown.
  let lead = 0;
  let jumpedTo = 0;
  const jump = (ahead = 0) => {
    audio.currentTime = Math.max(0, target() + ahead);
    audio.playbackRate = video.playbackRate;
    jumpedTo = audio.currentTime;
  };
  let watch: ReturnType<typeof setInterval> | undefined;
  const rest = () => {
    audio.pause();
    clearInterval(watch);
    watch = undefined;
  };
  const keepStep = () => {
    if (audio.seeking || audio.paused || audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    // Who jumps again before the sound has begun to move never hears any.
    if (audio.currentTime <= jumpedTo) return;
    const drift = audio.currentTime - target();
    const mend = correction(drift);
    if (mend === 'jump') {
      lead = Math.min(longestLead, Math.max(0, lead - drift));
      jump(lead);
    } else audio.playbackRate = video.playbackRate * mend;
  };
  const go = () => {
    jump(lead);
    // Refused only where nobody has pressed anything yet; the next press starts it.
    if (target() < audio.duration) audio.play().catch(() => undefined);
    watch ??= setInterval(keepStep, lookEvery);
  };
  const listen = (events: readonly string[], act: () => void) => {
    for (const event of events) video.addEventListener(event, act, { signal });
  };
  listen(['playing'], go);
  listen(['pause', 'waiting', 'seeking', 'ended', 'emptied'], rest);
  listen(['seeked'], () => (video.paused ? jump() : go()));
  listen(['ratechange'], () => {
    audio.playbackRate = video.playbackRate;
  });
  listen(['volumechange'], () => {
    audio.volume = video.volume;
  });
  signal.addEventListener('abort', rest, { once: true });
  if (!video.paused) go();
}
