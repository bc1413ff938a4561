import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** The Explorer as a person uses it. Paths are relative to the test's folder, with `/`, any name allowed. */
export class Explorer {
  readonly #page: Page;
  readonly #folder: string;

  /** @param folder What stands before every path: the test's workspace folder. */
  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** The row of a file or folder; it has to be in view. */
  row(path: string): Locator {
    // The rows carry the whole path; its front may be shortened to `~`.
    const tail = `${this.#folder.split('/').slice(-2).join('/')}/${path}`;
    const label = this.#page.locator(`.explorer-item[aria-label$=${JSON.stringify(tail)}]`);
    return this.#page.locator('.explorer-folders-view .monaco-list-row').filter({ has: label });
  }

  /** Opens the folders above a file or folder and gives its row. */
  async reveal(path: string): Promise<Locator> {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = this.row(parts.slice(0, depth).join('/'));
      await folder.waitFor();
      if ((await folder.getAttribute('aria-expanded')) === 'false') await folder.click();
      await folder.and(this.#page.locator('[aria-expanded="true"]')).waitFor();
    }
    const row = this.row(path);
    await row.waitFor();
    return row;
  }

  /**
   * Selects these files, the first by a click, the others by Ctrl+click. A result that arrives meanwhile moves the rows
   * away under the pointer: then again.
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

  /** Double-clicks a file: opens it in an editor. */
  async open(path: string): Promise<void> {
    await (await this.reveal(path)).dblclick();
  }

  /**
   * Right-clicks a file and clicks through the menu: `choose('anna.png', 'Magic Hour', 'Create AI Headshot…')`.
   * A selection the file belongs to stays, as in VS Code.
   */
  async choose(path: string, ...items: string[]): Promise<void> {
    await this.rightClick(path);
    for (const [index, item] of items.slice(0, -1).entries()) {
      // A click may come just after the pointer's rest has opened the submenu, and close it: then again.
      await until(`the submenu of "${item}"`, async () => {
        await this.menuItem(item).click({ timeout: 1000 });
        await this.menuItem(items[index + 1] ?? '').waitFor({ timeout: 1000 });
        return true;
      });
    }
    await this.clickMenuItem(items.at(-1) ?? '');
  }

  /** Clicks an entry of the open menu. VS Code takes no clicks in a menu's first tenth of a second: then again. */
  async clickMenuItem(name: string): Promise<void> {
    const item = this.menuItem(name);
    await until(`the menu to close after "${name}"`, async () => {
      await item.click({ timeout: 1000 });
      await item.waitFor({ state: 'detached', timeout: 500 });
      return true;
    });
  }

  /** Opens the context menu of a file; of that file also when the rows move meanwhile. */
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

  /** An entry of the open context menu or of its open submenu. */
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
