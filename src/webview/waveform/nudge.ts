import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';

/** The typed time moved by some seconds, within 0 and the length of the audio. */
export function nudge(text: string, by: number, length: number): string {
  const moved = Math.min(length, Math.max(0, (parseSeconds(text) ?? 0) + by));
  return formatSeconds(Math.round(moved * 100) / 100);
}
