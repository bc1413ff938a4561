import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** VS Code's quick picks and input boxes, and the command palette that is one of them. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The widget, while one is open. */
  get widget(): Locator {
    return this.#page.locator('.quick-input-widget').filter({ visible: true });
  }

  /** The field to type into; `type="password"` for secrets. */
  get field(): Locator {
    return this.widget.locator('.quick-input-box input');
  }

  /** The prompt or complaint below the field. */
  get message(): Locator {
    return this.widget.locator('.quick-input-message');
  }

  /** The rows of a pick. */
  get rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** The row that holds `text`. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Waits for a pick or box that says `text` anywhere (title, placeholder, prompt, rows). */
  async waitFor(text?: string | RegExp): Promise<void> {
    if (text === undefined) return this.field.waitFor();
    const placeholder = this.widget.getByPlaceholder(text);
    await this.widget.filter({ hasText: text }).or(placeholder).first().waitFor();
  }

  /** Replaces what stands in the field. */
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

  /** Clicks the row that holds `text`. */
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
   * Chooses a file by its absolute path in VS Code's own file dialog, which takes no path while it still lists a
   * folder: it is asked until it does.
   */
  async chooseFile(path: string): Promise<void> {
    const name = path.split(/[/\\]/).at(-1) ?? path;
    await this.field.waitFor();
    await until(`the file dialog to take ${name}`, async () => {
      if (await this.widget.isHidden()) return true;
      await this.fill(path);
      await this.row(name).waitFor({ timeout: 3000 });
      await this.accept();
      await this.widget.waitFor({ state: 'hidden', timeout: 3000 });
      return true;
    });
  }

  /**
   * Runs a command from the palette by its whole title, `Magic Hour: Show Jobs`. Again when the palette was closed
   * by something else that took the focus, as happens while a window is still settling.
   */
  async command(title: string): Promise<void> {
    await until(`the palette to run "${title}"`, async () => {
      await this.#openPalette(title);
      await this.rows.getByText(title, { exact: true }).first().click({ timeout: 2000 });
      return true;
    });
  }

  /** The titles the palette offers for a text. */
  async commands(text: string): Promise<string[]> {
    await this.#openPalette(text);
    await this.rows.first().waitFor();
    const titles = await this.rows.locator('.quick-input-list-label .label-name').allInnerTexts();
    await this.dismiss();
    return titles;
  }

  async #openPalette(text: string): Promise<void> {
    await this.#page.keyboard.press('F1');
    await this.field.fill(`>${text}`, { timeout: 2000 });
  }
}
