let lastFocused: HTMLElement | undefined;

/**
 * A VS Code dialog takes the focus from the page, and Chromium then forgets which control had it. Puts the focus back
 * on that control when it returns to the page.
 */
export function restoreFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) lastFocused = target;
  });
  window.addEventListener('focus', () => {
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree && lastFocused?.isConnected && lastFocused.checkVisibility())
      lastFocused.focus({ preventScroll: true });
  });
}

/**
 * Moves the focus after an event that isn't a key press or click. A page can take the focus out of an editor, a menu or a
 * quick pick, so it is only moved while the page has it. Otherwise it goes there when the focus returns.
 */
export function moveFocus(element: HTMLElement | undefined | null): void {
  if (!element) return;
  if (document.hasFocus()) element.focus();
  else lastFocused = element;
}

export function focusFirstProblem(): void {
  const first = [...document.querySelectorAll<HTMLElement>('[data-problem]')].find(element =>
    element.checkVisibility(),
  );
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}
