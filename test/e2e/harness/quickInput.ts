import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** VS Code's quick picks, input boxes and command palette. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The widget of the open quick pick or input box. */
  get widget(): Locator {
    return this.#page.locator('.quick-input-widget').filter({ visible: true });
  }

  /** The input field, which has `type="password"` for secrets. */
  get field(): Locator {
    return this.widget.locator('.quick-input-box input');
  }

  /** The prompt or validation message below the field. */
  get message(): Locator {
    return this.widget.locator('.quick-input-message');
  }

  /** The rows of a quick pick. */
  get rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** The first row that contains `text`. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Waits for a quick pick or input box that contains `text` anywhere (title, placeholder, prompt, rows). */
  async waitFor(text?: string | RegExp): Promise<void> {
    if (text === undefined) return this.field.waitFor();
    const placeholder = this.widget.getByPlaceholder(text);
    await this.widget.filter({ hasText: text }).or(placeholder).first().waitFor();
  }

  /** Replaces the field's text. */
  async fill(text: string): Promise<void> {
    await this.field.fill(text);
  }

  async accept(): Promise<void> {
    await this.#page.keyboard.press('Enter');
  }

  async dismiss(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Clicks the first row that contains `text`. */
  async pick(text: string | RegExp): Promise<void> {
    await this.row(text).click();
  }

  /** Fills the field and presses Enter. */
  async answer(text: string): Promise<void> {
    await this.field.waitFor();
    await this.fill(text);
    await this.accept();
  }

  /**
   * Chooses a file by its absolute path in VS Code's own file dialog. Tries repeatedly, because the dialog ignores a
   * path while it's still listing a folder.
   */
  async chooseFile(path: string): Promise<void> {
    const name = path.split(/[/\\]/).at(-1) ?? path;
    await this.field.waitFor();
    await until(`the file dialog to accept ${name}`, async () => {
      if (await this.widget.isHidden()) return true;
      await this.fill(path);
      await this.row(name).waitFor({ timeout: 1000 });
      await this.accept();
      await this.widget.waitFor({ state: 'hidden', timeout: 3000 });
      return true;
    });
  }

  /**
   * Runs a command from the palette by its full title, such as `Magic Hour: Show Jobs`. Tries again if something else
   * takes the focus and closes the palette, which can happen while a window is still loading.
   */
  async command(title: string): Promise<void> {
    await until(`the palette to run "${title}"`, async () => {
      await this.#openPalette(title);
      const row = this.rows.getByText(title, { exact: true }).first();
      const closed = this.widget.waitFor({ state: 'hidden', timeout: 2000 }).then(() => {
        throw new Error('The palette has closed');
      });
      await Promise.race([row.waitFor({ timeout: 2000 }), closed]);
      await row.click({ timeout: 2000 });
      return true;
    });
  }

  /** The titles that the palette suggests for this text. */
  async commands(text: string): Promise<string[]> {
    await this.#openPalette(text);
    await this.rows.first().waitFor();
    const titles = await this.rows.locator('.quick-input-list-label .label-name').allInnerTexts();
    await this.dismiss();
    return titles;
  }

  async #openPalette(text: string): Promise<void> {
    // The keystroke is lost while the focus is in an editor that's closing.
    await until('the palette', async () => {
      await this.#page.keyboard.press('F1');
      await this.field.waitFor({ timeout: 500 });
      return true;
    });
    await this.field.fill(`>${text}`, { timeout: 2000 });
  }
}
