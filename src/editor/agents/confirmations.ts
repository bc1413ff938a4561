/**
 * Remembers the confirmations that VS Code showed before running a tool. An invocation doesn't say which confirmation
 * it belongs to, so it counts as confirmed only if every open confirmation for its input matches the submission.
 */
export class Confirmations {
  readonly #shown = new Map<string, string[]>();

  add(input: unknown, shown: unknown): void {
    const key = JSON.stringify(input);
    this.#shown.set(key, [...(this.#shown.get(key) ?? []), JSON.stringify(shown)]);
  }

  /** Returns whether the submission was confirmed. Uses up one confirmation, or all of them if any differs. */
  take(input: unknown, submitted: unknown): boolean {
    const key = JSON.stringify(input);
    const shown = this.#shown.get(key) ?? [];
    const expected = JSON.stringify(submitted);
    const isConfirmed = shown.length > 0 && shown.every(each => each === expected);
    if (isConfirmed && shown.length > 1) this.#shown.set(key, shown.slice(1));
    else this.#shown.delete(key);
    return isConfirmed;
  }
}
