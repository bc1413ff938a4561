/**
 * Resolves in the very turn in which `ask` gives something, asked without a pause: for what lies on disk only for
 * some milliseconds. What the caller does synchronously then happens at that moment.
 *
 * @throws Error that names what never came.
 */
export async function moment<T>(
  what: string,
  ask: () => T | undefined | false,
  timeout = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeout} ms in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}
