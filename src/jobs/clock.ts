import { setTimeout } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** The longest timer that Node.js supports. */
const longest = 2 ** 31 - 1;

/** This machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) =>
    setTimeout(Math.min(Math.max(0, ms), longest), undefined, { signal }).catch(() =>
      signal?.throwIfAborted(),
    ),
};
