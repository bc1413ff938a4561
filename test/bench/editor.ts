import { link, mkdir, copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Host } from '../e2e/harness/host.ts';
import { until } from '../e2e/harness/until.ts';
import { Window } from '../e2e/harness/window.ts';
import { createWorkspace } from '../e2e/harness/workspace.ts';
import { launchBrowser } from '../host/browser.ts';
import { descendants } from '../host/process.ts';
import type { Bench } from './bench.ts';

/** A real VS Code in a browser, with the package as it is, for the rows that measure what a person sees. */
export interface Editor {
  readonly host: Host;
  readonly window: Window;
}

let editor: Promise<Editor> | undefined;

/** Every page and frame: when the mouse was last let go, and since when what was asked for is there. */
const watch = (): void => {
  const now = (): number => performance.timeOrigin + performance.now();
  const page = globalThis as typeof globalThis & { clickedAt?: number; usableAt?: number };
  addEventListener('mouseup', () => (page.clickedAt = now()), true);
  const isShown = (image: HTMLImageElement | null): boolean =>
    image !== null && !image.hidden && image.complete && image.naturalWidth > 0;
  const isUsable = (): boolean => {
    const button = document.querySelector('.bar button.primary');
    // VS Code's own preview has nothing but the image.
    if (!button) return isShown(document.querySelector('body.image > img'));
    const audio = document.querySelector('[data-input=audio]');
    return (
      button.textContent !== '' &&
      button.getAttribute('aria-disabled') !== 'true' &&
      isShown(document.querySelector('[data-input=image] img')) &&
      (audio === null || (audio as HTMLElement).dataset['state'] === 'ready')
    );
  };
  const timer = setInterval(() => {
    if (!isUsable()) return;
    page.usableAt = now();
    clearInterval(timer);
  }, 2);
};

/** The one window of a run, with the sample workspace and `files` of the media (by path in the workspace). */
export function openEditor(bench: Bench, files: Readonly<Record<string, string>>): Promise<Editor> {
  return (editor ??= (async () => {
    await bench.packaged();
    const host = await Host.start();
    bench.onClose(() => host.stop());
    const service = await launchBrowser();
    bench.onClose(() => service.stop());
    const { context } = service;
    context.setDefaultTimeout(30_000);
    await context.addInitScript(watch);
    const workspace = await createWorkspace(host, {});
    for (const [path, source] of Object.entries(files)) {
      const target = `${workspace.folder}/${path}`;
      await mkdir(dirname(target), { recursive: true });
      // An hour of sound is not copied when it need not be.
      await link(source, target).catch(() => copyFile(source, target));
    }
    return { host, window: await Window.open(context, host, workspace) };
  })());
}

/** Milliseconds from the last click of `ask` until what it opens can be used. Closes it again. */
export async function untilUsable({ window }: Editor, ask: () => Promise<void>): Promise<number> {
  const { page } = window;
  await ask();
  const clickedAt = await page.evaluate(() => (globalThis as { clickedAt?: number }).clickedAt ?? Number.NaN);
  const usableAt = await until('something usable', async () => {
    for (const frame of page.frames()) {
      const at = await frame
        .evaluate(() => (globalThis as { usableAt?: number }).usableAt)
        .catch(() => undefined);
      if (at !== undefined && at > clickedAt) return at;
    }
    return undefined;
  });
  return usableAt - clickedAt;
}

export async function closeEditors({ window }: Editor): Promise<void> {
  await window.quickInput.command('View: Close All Editors');
  await until('no editor', async () => (await window.tabs()).length === 0);
}

/** The browser's pages among the processes below this one. */
export const pages = (): number[] =>
  descendants(process.pid)
    .filter(({ command }) => command.includes('--type=renderer'))
    .map(({ pid }) => pid);
