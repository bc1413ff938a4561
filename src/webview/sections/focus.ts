import type { Page } from './part.ts';

/** Puts the focus on the first control with a mistake. */
export function toFirstProblem(): void {
  const first = [...document.querySelectorAll<HTMLElement>('[data-problem]')].find(element =>
    element.checkVisibility(),
  );
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}

/** Removes a row; the focus goes to the row that takes its place, or to the last one. */
export function removeRow(page: Page, id: string): void {
  const index = page.store.view.draft.rows.findIndex(row => row.id === id);
  page.actions.removeRow(id);
  const left = document.querySelectorAll<HTMLElement>('[data-row]');
  left[Math.min(index, left.length - 1)]?.querySelector<HTMLElement>('.choice')?.focus();
}
