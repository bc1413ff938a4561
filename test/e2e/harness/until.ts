/** Thrown if a condition isn't met in time. */
export class WaitTimeoutError extends Error {
  override name = 'WaitTimeoutError';
}

/**
 * Polls until `check` returns something other than `undefined` or `false`. Use this for conditions outside the
 * page (files, processes, the fake API). Inside the page, Playwright's locators wait on their own.
 *
 * @param what Names the condition in the error.
 * @param interval Milliseconds between polls. Use 1 for files that exist only for a few milliseconds, so that the
 * caller can act on them synchronously.
 * @throws WaitTimeoutError with the last error of `check`.
 */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = 30_000,
  interval = 50,
): Promise<T> {
  const deadline = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const result = await check();
      if (result !== undefined && result !== false) return result;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new WaitTimeoutError(`Waited ${timeout} ms for ${what}`, { cause: last });
    }
    await new Promise(resolve => setTimeout(resolve, interval));
  }
}
