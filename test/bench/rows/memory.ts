import { readFile } from 'node:fs/promises';
import { closeEditors, pages } from '../editor.ts';
import { until } from '../../e2e/harness/until.ts';
import { bytes } from '../figures.ts';
import { Skip, type Figure, type Row } from '../row.ts';
import { editorWithRecordings, openTalkingPhoto } from './form.ts';

/** An hour of MP3 takes longer to be drawn; what it costs is seen before. */
const patience = 12_000;

/** Bytes of memory that a process holds; 0 when it is gone. */
async function resident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

const all = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(resident))).reduce((sum, each) => sum + each, 0);

export const memory: Row = {
  name: 'memory',
  what: 'Memory of page and extension host while the form draws an hour of sound',
  reference: 'the size of the decoded sound, which whoever decodes it whole holds (32 bits per sample)',
  method:
    'The largest resident size of all pages of the browser, and of the extension host, from the opening of the form until the waveform is complete (or 12 s have passed), less what they had before it was opened. Every 50 ms.',
  async measure(bench) {
    if (process.platform !== 'linux') throw new Skip('memory is read from /proc, which only Linux has');
    const editor = await editorWithRecordings(bench);
    const { window } = editor;
    const figures: Figure[] = [];
    const decoded = 3600 * 44_100 * 4;
    for (const format of ['wav', 'mp3'] as const) {
      const host = [window.extensionHost];
      const before = { page: await all(pages()), host: await all(host) };
      const most = { ...before };
      await openTalkingPhoto(editor, `voices/hour.${format}`);
      const begun = performance.now();
      await until(
        'the waveform',
        async () => {
          most.page = Math.max(most.page, await all(pages()));
          most.host = Math.max(most.host, await all(host));
          const sketch = window.form().locator('[data-sketch]').first();
          const state = await sketch.getAttribute('data-sketch', { timeout: 5_000 }).catch(() => null);
          return (
            (state !== null && !['waiting', 'drawing'].includes(state)) ||
            performance.now() - begun > patience
          );
        },
        90_000,
      );
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      await closeEditors(editor);
      const [page, inHost] = [most.page - before.page, most.host - before.host];
      figures.push({
        of: `${format.toUpperCase()}, after ${seconds} s`,
        ours: `page ${bytes(page)}, host ${bytes(inHost)}`,
        reference: bytes(decoded),
        result: bytes(page + inHost),
        atLeast: '–',
        reached: undefined,
      });
    }
    return figures;
  },
};
