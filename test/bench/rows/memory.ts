import { readFile } from 'node:fs/promises';
import { closeEditors, rendererProcesses } from '../editor.ts';
import { until } from '../../e2e/harness/until.ts';
import { bytes } from '../figures.ts';
import { Skip, type Figure, type Row } from '../row.ts';
import { editorWithAudio, openTalkingPhoto } from './form.ts';

/** Drawing the waveform of an hour of MP3 takes longer than this, but memory peaks earlier. */
const maxDuration = 12_000;

/** The resident memory of a process in bytes, or 0 if the process has ended. */
async function resident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

const all = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(resident))).reduce((sum, each) => sum + each, 0);

export const memory: Row = {
  name: 'memory',
  what: 'Memory of the page and the extension host while the form draws an hour of audio',
  reference: 'the size of the fully decoded audio (32 bits per sample)',
  method:
    'The peak resident size of the browser’s pages and of the extension host, from opening the form until the waveform is complete (or for 12 s), minus their size before. Measured every 50 ms.',
  async measure(bench) {
    if (process.platform !== 'linux') throw new Skip('memory is read from /proc, which only Linux has');
    const editor = await editorWithAudio(bench);
    const { window } = editor;
    const figures: Figure[] = [];
    const decoded = 3600 * 44_100 * 4;
    // The first form loads all code, so it isn't counted.
    await openTalkingPhoto(editor, 'voices/short.wav');
    await window.form().locator('[data-waveform=done]').waitFor();
    await closeEditors(editor);
    for (const format of ['wav', 'mp3'] as const) {
      const host = [window.extensionHost];
      const before = { page: await all(rendererProcesses()), host: await all(host) };
      const most = { ...before };
      await openTalkingPhoto(editor, `voices/hour.${format}`);
      const start = performance.now();
      await until(
        'the waveform',
        async () => {
          most.page = Math.max(most.page, await all(rendererProcesses()));
          most.host = Math.max(most.host, await all(host));
          const isDone = await window.form().locator('[data-waveform=done]').isVisible();
          return isDone || performance.now() - start > maxDuration;
        },
        90_000,
      );
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      await closeEditors(editor);
      const [page, inHost] = [most.page - before.page, most.host - before.host];
      figures.push({
        of: `${format.toUpperCase()}, after ${seconds} s`,
        ours: `page ${bytes(page)}, host ${bytes(inHost)}`,
        reference: bytes(decoded),
        result: bytes(page + inHost),
        target: '–',
        reached: undefined,
      });
    }
    return figures;
  },
};
