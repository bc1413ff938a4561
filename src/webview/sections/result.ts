import type { FormJob, ResultView } from '../../shared/protocol.ts';
import { h, setText } from '../dom.ts';
import { readBlob } from '../media/bytes.ts';
import type { View } from '../view.ts';
import { comparePart } from './compare.ts';
import type { Page } from './part.ts';
import { videoPart } from './video.ts';

/** One saved file: seen here, opened elsewhere. */
export function resultPart(page: Page, job: string, index: number) {
  const { words, actions } = page;
  const stage = h('div', { class: 'result-stage' });
  const name = h('span', { class: 'file-name', dir: 'auto' });
  const button = (
    label: 'form.open' | 'form.reveal' | 'form.openExternal',
    act: 'open' | 'reveal' | 'openExternal',
  ) =>
    h(
      'button',
      { type: 'button', class: 'secondary', onclick: () => void actions.job(job, act, index) },
      words.text(label),
    );
  const stop = new AbortController();
  let shown: string | undefined;
  return {
    element: h(
      'div',
      { class: 'result' },
      stage,
      h(
        'div',
        { class: 'result-foot' },
        name,
        h(
          'div',
          { class: 'job-actions' },
          button('form.open', 'open'),
          button('form.reveal', 'reveal'),
          button('form.openExternal', 'openExternal'),
        ),
      ),
    ),
    update(view: View, of: FormJob, at: number) {
      const result = of.results[at];
      if (!result) return;
      setText(name, result.name);
      const key = JSON.stringify([result.source, result.bytes]);
      if (key === shown) return;
      shown = key;
      void show(page, stage, view, of, result, stop.signal);
    },
    dispose: () => stop.abort(),
  };
}

async function show(
  page: Page,
  stage: HTMLElement,
  view: View,
  job: FormJob,
  result: ResultView,
  signal: AbortSignal,
): Promise<void> {
  const { words, actions } = page;
  try {
    const blob = await readBlob(actions.ask, result.source, result.bytes, result.mediaType, signal);
    const url = URL.createObjectURL(blob);
    signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
    if (result.kind === 'image') {
      const input = view.tool.inputs.find(({ accepts }) => accepts === 'image');
      const source = input && job.inputs[input.id];
      const asset = view.asset(source);
      const before =
        source && asset?.status === 'ready' && asset.info && asset.mediaType
          ? await page.thumbnails.of(source, asset.info, asset.mediaType)
          : undefined;
      signal.throwIfAborted();
      stage.replaceChildren(comparePart(words, url, before));
    } else stage.replaceChildren(videoPart(page, job, url, signal));
  } catch {
    if (!signal.aborted) stage.replaceChildren(h('p', { class: 'note' }, words.text('form.noResultPreview')));
  }
}
