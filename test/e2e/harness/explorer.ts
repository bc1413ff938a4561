import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/**
 * The Explorer as users see it. Paths are relative to the test's folder and use `/`. They can contain any characters.
 */
export class Explorer {
  readonly #page: Page;
  readonly #folder: string;

  /** @param folder The test's workspace folder. */
  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** The row of a visible file or folder. */
  row(path: string): Locator {
    // A row's label has the full path, which may start with `~`.
    const tail = `${this.#folder.split('/').slice(-2).join('/')}/${path}`;
    const label = this.#page.locator(`.explorer-item[aria-label$=${JSON.stringify(tail)}]`);
    return this.#page.locator('.explorer-folders-view .monaco-list-row').filter({ has: label });
  }

  /** Expands the parent folders of a file or folder and returns its row. */
  async reveal(path: string): Promise<Locator> {
    const parts = path.split('/');
    const row = this.row(path);
    // When a file is created, the Explorer can undo an expansion that it already shows.
    await until(`the row of ${path}`, async () => {
      for (let depth = 1; depth < parts.length; depth++) {
        const folder = this.row(parts.slice(0, depth).join('/'));
        const isExpanded = await folder.getAttribute('aria-expanded', { timeout: 2000 });
        if (isExpanded === 'false') {
          // The hover of the row under the mouse can cover the folder.
          await this.#page.mouse.move(0, 0);
          await folder.click({ timeout: 2000 });
        }
        await folder.and(this.#page.locator('[aria-expanded="true"]')).waitFor({ timeout: 2000 });
      }
      await row.waitFor({ timeout: 2000 });
      return true;
    });
    return row;
  }

  /**
   * Selects these files: the first by clicking, the others by Ctrl+clicking. Starts over if a new file moves the rows
   * under the pointer.
   */
  async select(...paths: string[]): Promise<void> {
    for (const path of paths) await this.reveal(path);
    const selected = this.#page.locator('.explorer-folders-view .monaco-list-row[aria-selected="true"]');
    await until(`a selection of ${paths.join(', ')}`, async () => {
      for (const [index, path] of paths.entries()) {
        await this.row(path).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] });
      }
      for (const path of paths) await this.row(path).and(selected).waitFor({ timeout: 1000 });
      return (await selected.count()) === paths.length;
    });
  }

  /** Opens a file in an editor by double-clicking it. */
  async open(path: string): Promise<void> {
    await (await this.reveal(path)).dblclick();
  }

  /**
   * Right-clicks a file and clicks through the menu: `choose('anna.png', 'Magic Hour', 'Create AI Headshot…')`.
   * If the file is part of a selection, the selection is kept, as in VS Code.
   */
  async choose(path: string, ...items: string[]): Promise<void> {
    await this.rightClick(path);
    for (const [index, item] of items.slice(0, -1).entries()) {
      // Hovering may have just opened the submenu, in which case the click closes it again.
      await until(`the submenu of "${item}"`, async () => {
        await this.menuItem(item).click({ timeout: 1000 });
        await this.menuItem(items[index + 1] ?? '').waitFor({ timeout: 1000 });
        return true;
      });
    }
    await this.clickMenuItem(items.at(-1) ?? '');
  }

  /** Clicks an item of the open menu until it works, because VS Code ignores clicks during a menu's first 100 ms. */
  async clickMenuItem(name: string): Promise<void> {
    const item = this.menuItem(name);
    await item.waitFor();
    await until(`the menu to close after "${name}"`, async () => {
      // On a busy machine, the menu may close long after the click.
      if (await item.isHidden()) return true;
      await item.click({ timeout: 1000 });
      await item.waitFor({ state: 'detached', timeout: 500 });
      return true;
    });
  }

  /** Opens the context menu of a file, even if the rows move. */
  async rightClick(path: string): Promise<void> {
    const row = await this.reveal(path);
    await until(`the context menu of ${path}`, async () => {
      await this.closeMenu();
      await row.click({ button: 'right' });
      await this.#page.locator('.context-view .monaco-menu').waitFor();
      await row.and(this.#page.locator('.focused')).waitFor({ timeout: 1000 });
      return true;
    });
  }

  /** An item of the open context menu or submenu. */
  menuItem(name: string): Locator {
    return this.#page.locator('.monaco-menu').getByRole('menuitem', { name, exact: true });
  }

  async closeMenu(): Promise<void> {
    const menus = this.#page.locator('.monaco-menu');
    while ((await menus.count()) > 0) {
      await this.#page.keyboard.press('Escape');
      await menus
        .last()
        .waitFor({ state: 'detached', timeout: 500 })
        .catch(() => undefined);
    }
  }
}
