/**
 * Asks again and again until `ask` gives something other than `undefined` or `false`. For conditions outside the
 * page (files, processes, the fake API); inside it, Playwright's locators wait by themselves.
 *
 * @throws Error that names what never came, with the last error of `ask`.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${timeout} ms in vain for ${what}`, { cause: last });
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
