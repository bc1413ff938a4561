import type { Locator, Page } from 'playwright-core';
import { until } from '../harness/until.ts';
import type { Window } from '../harness/window.ts';

/** The "Magic Hour" tree in the Explorer, as a user sees it. */
export class JobsView {
  readonly #window: Window;
  readonly #page: Page;

  constructor(window: Window) {
    this.#window = window;
    this.#page = window.page;
  }

  get pane(): Locator {
    return this.#page.locator('.pane').filter({
      has: this.#page.locator('.pane-header').getByText('Magic Hour', { exact: true }),
    });
  }

  /** Views that are added to the Explorer start collapsed. */
  async expand(): Promise<void> {
    const header = this.pane.locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    await this.pane.locator('.monaco-list-row').first().waitFor();
  }

  /** Drags the upper edge of the view up, because the view is small at first. */
  async enlarge(): Promise<void> {
    const box = await this.pane.boundingBox();
    if (!box) throw new Error('The jobs view is not shown.');
    const { mouse } = this.#page;
    await mouse.move(box.x + box.width / 2, box.y);
    await mouse.down();
    await mouse.move(box.x + box.width / 2, 330, { steps: 5 });
    await mouse.up();
  }

  row(text: string | RegExp): Locator {
    return this.pane.locator('.monaco-list-row').filter({ hasText: text });
  }

  /** The text of all rows, including groups. */
  async rows(): Promise<string[]> {
    return (await this.pane.locator('.monaco-list-row').allInnerTexts()).map(row =>
      row.replaceAll(/\s+/g, ' '),
    );
  }

  /** The names of the groups, in order. */
  groups(): Promise<string[]> {
    return this.pane.locator('.monaco-list-row[aria-level="1"] .label-name').allInnerTexts();
  }

  /** The titles of a row's inline actions. */
  async inlineActions(row: Locator): Promise<string[]> {
    await row.hover();
    const labels = row.locator('.actions .action-label');
    return labels.evaluateAll(all => all.map(each => each.getAttribute('aria-label') ?? ''));
  }

  /** Clicks an inline action until it works, because the row may be redrawn. */
  async press(row: Locator, action: string): Promise<void> {
    await until(`the button "${action}"`, async () => {
      await row.hover({ timeout: 2000 });
      await row.getByRole('button', { name: action, exact: true }).click({ timeout: 2000 });
      return true;
    });
  }

  /** Chooses an item of a row's context menu. */
  async choose(row: Locator, item: string): Promise<void> {
    // If a row is redrawn under the mouse, no menu opens.
    await until('the menu of a row', async () => {
      await row.click({ button: 'right', timeout: 2000 });
      await this.#page.locator('.context-view .monaco-menu').waitFor({ timeout: 2000 });
      return true;
    });
    await this.#window.explorer.clickMenuItem(item);
  }

  /** Clicks a button in the view's title bar. */
  async pressTitle(action: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator('.pane-header').getByRole('button', { name: action }).click();
  }
}
