let last: HTMLElement | undefined;

/**
 * A dialog of VS Code takes the focus out of the page, and Chromium then forgets which control had it. When the focus
 * comes back to the page, it goes to that control again, so that the keyboard goes on where it was.
 */
export function keepFocus(signal: AbortSignal): void {
  document.addEventListener(
    'focusin',
    ({ target }) => {
      if (target instanceof HTMLElement) last = target;
    },
    { signal },
  );
  window.addEventListener(
    'focus',
    () => {
      const isFree = document.activeElement === null || document.activeElement === document.body;
      if (isFree && last?.isConnected && last.checkVisibility()) last.focus({ preventScroll: true });
    },
    { signal },
  );
}

/**
 * For focus that follows an event instead of a key or click: who works elsewhere in VS Code keeps it, because a page can
 * take it out of an editor, a menu or a pick. They find it there when they come back.
 */
export function moveFocus(element: HTMLElement | undefined | null): void {
  if (!element) return;
  if (document.hasFocus()) element.focus();
  else last = element;
}
