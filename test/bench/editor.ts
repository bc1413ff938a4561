import { link, mkdir, copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Host } from '../e2e/harness/host.ts';
import { until } from '../e2e/harness/until.ts';
import { Window } from '../e2e/harness/window.ts';
import { createWorkspace } from '../e2e/harness/workspace.ts';
import { launchBrowser } from '../host/browser.ts';
import { descendants } from '../host/process.ts';
import type { Bench } from './bench.ts';

/** A real VS Code in a browser with the packaged extension, for rows that measure what the user sees. */
export interface Editor {
  readonly host: Host;
  readonly window: Window;
}

let editor: Promise<Editor> | undefined;

/** Init script for every page and frame. Records the last mouse release and the time when the content became usable. */
const recordTimes = (): void => {
  const now = (): number => performance.timeOrigin + performance.now();
  const page = globalThis as typeof globalThis & { clickedAt?: number; usableAt?: number };
  addEventListener('mouseup', () => (page.clickedAt = now()), true);
  const isShown = (image: HTMLImageElement | null): boolean =>
    image !== null && !image.hidden && image.complete && image.naturalWidth > 0;
  const isUsable = (): boolean => {
    const button = document.querySelector('.bar button.primary');
    // VS Code's own preview contains only the image.
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

/** Opens the only window of a run, on the sample workspace plus these media files (by workspace path). */
export function openEditor(bench: Bench, files: Readonly<Record<string, string>>): Promise<Editor> {
  return (editor ??= (async () => {
    await bench.packaged();
    const host = await Host.start();
    bench.onClose(() => host.stop());
    const service = await launchBrowser();
    bench.onClose(() => service.stop());
    const { context } = service;
    context.setDefaultTimeout(30_000);
    await context.addInitScript(recordTimes);
    const workspace = await createWorkspace(host, {});
    for (const [path, source] of Object.entries(files)) {
      const target = `${workspace.folder}/${path}`;
      await mkdir(dirname(target), { recursive: true });
      // Linking avoids copying an hour of audio.
      await link(source, target).catch(() => copyFile(source, target));
    }
    return { host, window: await Window.open(context, host, workspace) };
  })());
}

/** Milliseconds from the last click in `open` until the opened content is usable. */
export async function timeUntilUsable({ window }: Editor, open: () => Promise<void>): Promise<number> {
  const { page } = window;
  await open();
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

/** The browser's renderer processes. */
export const rendererProcesses = (): number[] =>
  descendants(process.pid)
    .filter(({ command }) => command.includes('--type=renderer'))
    .map(({ pid }) => pid);
