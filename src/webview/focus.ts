let lastFocused: HTMLElement | undefined;

/**
 * A VS Code dialog takes focus from the page, and Chromium then forgets which control was focused. Focuses that control
 * again when focus returns to the page.
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
 * Moves focus after an event other than a key press or click. Focusing `element` could take focus away from an editor,
 * a menu, or a Quick Pick, so if the page doesn't have focus, `element` gets it only when focus returns to the page.
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
