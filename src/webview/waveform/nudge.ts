import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';

/** Moves the typed time by `by` seconds, but not below 0 or past the end of the audio. */
export function nudge(text: string, by: number, length: number): string {
  const moved = Math.min(length, Math.max(0, (parseSeconds(text) ?? 0) + by));
  return formatSeconds(Math.round(moved * 100) / 100);
}
