/** Determines the order: downloads first, because they complete a job, then the oldest job. */
export interface Turn {
  readonly isDownload: boolean;
  readonly createdAt: number;
}

interface Waiting extends Turn {
  readonly start: () => void;
}

const isBefore = (a: Turn, b: Turn): boolean =>
  a.isDownload === b.isDownload ? a.createdAt < b.createdAt : a.isDownload;

export type Limiter = <T>(turn: Turn, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Limits how many tasks run at a time. `limit` may change; values below 1 count as 1. */
export function createLimiter(limit: () => number): Limiter {
  const waiting: Waiting[] = [];
  let running = 0;

  const startNext = () => {
    const most = Math.floor(limit());
    while (waiting.length > 0 && running < (most >= 1 ? most : 1)) {
      running++;
      waiting.shift()?.start();
    }
  };

  const turnOf = (turn: Turn, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      const start = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const entry: Waiting = { ...turn, start };
      signal.addEventListener('abort', abort, { once: true });
      const next = waiting.findIndex(other => isBefore(turn, other));
      waiting.splice(next < 0 ? waiting.length : next, 0, entry);
      startNext();
    });

  return async (turn, signal, work) => {
    await turnOf(turn, signal);
    try {
      return await work();
    } finally {
      running--;
      startNext();
    }
  };
}

/** How many disk operations run at a time. */
const concurrency = 32;

/** Processes the items in order, in batches. If a batch has failures, throws the first one after the batch ends. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += concurrency) {
    const outcomes = await Promise.allSettled(items.slice(from, from + concurrency).map(work));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}
