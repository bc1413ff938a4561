import { readFile, writeFile } from 'node:fs/promises';
import { until } from '../harness/until.ts';
import type { Theme, Window } from '../harness/window.ts';
import { frameOf } from './form.ts';
import { withPalette } from './palettePng.ts';

export const themes: readonly Theme[] = ['dark', 'light', 'high-contrast'];
const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 640, height: 800 } } as const;
type Width = keyof typeof widths;

interface Options {
  readonly in?: readonly Theme[];
  readonly widths?: readonly Width[];
  /**
   * Opens something that closes when the theme or the window changes, such as a menu. Returns a function that closes
   * it.
   */
  readonly show?: () => Promise<(() => Promise<unknown>) | void>;
}

/** Takes screenshots `<name>-<width>-<theme>.png`. The narrow window has no side bar. */
export async function takeScreenshots(
  window: Window,
  name: string,
  { in: inThemes = themes, widths: inWidths = ['wide', 'narrow'], show }: Options = {},
): Promise<void> {
  for (const theme of inThemes) {
    await window.setTheme(theme);
    for (const width of inWidths) {
      if (width === 'narrow') await toggleSideBar(window, 'hidden');
      await window.page.setViewportSize(widths[width]);
      await hideHovers(window);
      const close = await show?.();
      await settle(window);
      await takeScreenshot(window, `${name}-${width}-${theme}`);
      await close?.();
      await window.page.setViewportSize(widths.wide);
      if (width === 'narrow') await toggleSideBar(window, 'visible');
    }
  }
}

/**
 * Takes the screenshot `<name>-zoomed.png`, which looks like a window of 1280 × 800 pixels at 200% zoom, with the side
 * bar.
 */
export async function takeZoomedScreenshot(window: Window, name: string): Promise<void> {
  await window.page.setViewportSize({ width: widths.wide.width / 2, height: widths.wide.height / 2 });
  await settle(window);
  await takeScreenshot(window, `${name}-zoomed`);
  await window.page.setViewportSize(widths.wide);
}

async function takeScreenshot(window: Window, name: string): Promise<void> {
  for (const file of await window.screenshot(name)) await writeFile(file, withPalette(await readFile(file)));
}

/** Moves the mouse, because the hover of a removed element, such as a picker row, stays until the mouse moves. */
async function hideHovers({ page }: Window): Promise<void> {
  const hovers = page.locator('.workbench-hover').filter({ visible: true });
  await until('hovers to disappear', async () => {
    await page.mouse.move(1, 0);
    // Nothing at this point has a hover.
    await page.mouse.move(0, 0);
    return (await hovers.count()) === 0;
  });
}

export async function toggleSideBar(window: Window, state: 'visible' | 'hidden'): Promise<void> {
  await window.page.keyboard.press('ControlOrMeta+B');
  await window.page.locator('.part.sidebar').waitFor({ state });
}

/** Waits until a visible form has shown its images and its new size. */
async function settle(window: Window): Promise<void> {
  const forms = window.page.locator('iframe.webview.ready').filter({ visible: true });
  if ((await forms.count()) === 0) return;
  const frame = await frameOf(window.form());
  // The images of the walkthrough are in a webview, too.
  if ((await frame.locator('#form').count()) === 0) return;
  await frame.waitForFunction(
    () =>
      !document.querySelector(
        '[data-state="reading"], .wave:not([data-waveform="done"], [data-waveform="undecodable"])',
      ) &&
      [...document.images].every(image => image.complete) &&
      [...document.querySelectorAll('video')].every(
        // The player shows a spinner while the video is loading.
        video =>
          !video.checkVisibility() || (video.readyState > 1 && video.networkState === video.NETWORK_IDLE),
      ),
  );
  await frame.evaluate(
    () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
