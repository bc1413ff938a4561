const concurrency = 32;

/** Runs a few at a time, in order. Throws the first failure once all have ended. */
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
