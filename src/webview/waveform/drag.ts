/** A clip on the timeline, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Bounds {
  /** Length of the audio, in seconds. */
  readonly length: number;
  /** The longest clip that the mode allows, in seconds. */
  readonly limit: number;
}

/** Shortest clip that dragging can produce, in seconds. */
export const shortest = 0.1;

/** Rounds to hundredths, like the fields. */
const hundredths = (seconds: number) => Math.round(seconds * 100) / 100;
const within = (value: number, low: number, high: number) =>
  Math.min(Math.max(low, high), Math.max(low, value));
/** Rounds the length down to hundredths, the latest time that can be typed. */
const lastHundredth = (length: number) => Math.floor(length * 100 + 1e-6) / 100;

/** Moves the start to `to`, but not past the end or so far back that the clip exceeds the limit. */
export function moveStart(clip: Span, to: number, { limit }: Bounds): Span {
  const start = within(to, Math.max(0, clip.end - limit), clip.end - shortest);
  return { start: hundredths(start), end: clip.end };
}

export function moveEnd(clip: Span, to: number, { length, limit }: Bounds): Span {
  const end = within(to, clip.start + shortest, Math.min(lastHundredth(length), clip.start + limit));
  return { start: clip.start, end: hundredths(end) };
}

/** Moves the clip so that it starts at `to`. Its length stays the same. */
export function moveClip(clip: Span, to: number, { length }: Bounds): Span {
  const duration = clip.end - clip.start;
  const start = hundredths(within(to, 0, lastHundredth(length) - duration));
  return { start, end: hundredths(start + duration) };
}
