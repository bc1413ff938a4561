import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import { maxDropBytes, sourceKey, type AssetView } from '../../shared/protocol.ts';
import type { ToolInput } from '../../tools/tool.ts';
import { describe, h, newId, setAttribute, setOptionalText, setText } from '../dom.ts';
import { acceptDrops, type Dropped } from '../drop.ts';
import { icon } from '../icons.ts';
import type { View } from '../view.ts';
import type { Words } from '../words.ts';
import { addressBox } from './address.ts';
import { problemLine } from './field.ts';
import { removeRow } from './focus.ts';
import type { Page } from './part.ts';

export interface InputCard {
  readonly element: HTMLElement;
  update(view: View, source: AssetSource | undefined, inBatch: boolean): void;
}

/**
 * One input: what is chosen, with a picture where there is one, and the ways to choose another.
 * The card's own button has the input's name, as a file field of the web has.
 */
export function inputCard(page: Page, row: string, input: ToolInput): InputCard {
  const { words, actions } = page;
  const choose = () => void actions.chooseFile(row, input.id);
  const label = h('span', { class: 'label', id: newId('label') }, words.text(input.label));
  const hint = h('div', { class: 'hint', id: newId('hint') }, words.text(input.hint));
  const picture = h('img', { alt: '', hidden: true, draggable: 'false' });
  const sign = h('span', { class: 'sign' }, icon(input.accepts));
  const name = h('span', { class: 'file-name', id: newId('file'), dir: 'auto' });
  const facts = h('span', { class: 'facts', id: newId('facts') });
  const warning = h('div', { class: 'note', id: newId('warning'), hidden: true });
  // It lies over the whole card without holding its text, which would have to be part of its name.
  const main = h('button', {
    type: 'button',
    class: 'choice',
    'aria-labelledby': label.id,
    onclick: choose,
  });
  const chooseButton = h(
    'button',
    { type: 'button', class: 'secondary', onclick: choose, 'aria-describedby': label.id },
    words.text('form.chooseFile'),
  );
  const problem = problemLine();
  const address = addressBox(words, url => actions.setInput(row, input.id, { kind: 'url', url }));
  const removed = h('span', { class: 'unseen' });
  let batch = false;
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'icon-button remove',
      title: words.text('form.remove'),
      onclick: () => {
        if (batch) removeRow(page, row);
        else {
          actions.setInput(row, input.id, undefined);
          main.focus();
        }
      },
    },
    icon('close'),
    removed,
  );
  describe(address.opener, label);
  const element = h(
    'div',
    { class: 'input', 'data-input': input.id, 'data-kind': input.accepts },
    h('div', { class: 'input-head' }, label, hint),
    h(
      'div',
      { class: 'card' },
      h('div', { class: 'chosen' }, picture, sign, h('span', { class: 'file' }, name, facts), main),
      h('div', { class: 'card-actions' }, chooseButton, address.opener, remove),
      address.element,
    ),
    warning,
    problem.element,
  );
  acceptDrops(element, dropped => void take(page, row, input, dropped));

  let shown: string | undefined;
  return {
    element,
    update(view, source, inBatch) {
      batch = inBatch;
      const asset = view.asset(source);
      setAttribute(element, 'data-state', source ? (asset?.status ?? 'reading') : 'empty');
      setText(name, source ? (asset?.name ?? nameOf(source)) : words.text(emptyText[input.accepts]));
      setText(facts, source ? factsOf(words, source, asset) : words.text('form.dropHint'));
      setText(removed, words.text('form.removeFile', { name: source ? (name.textContent ?? '') : '' }));
      remove.hidden = !source;
      address.update(source?.kind === 'url' ? source.url : '');
      const caution = asset?.status === 'ready' && asset.info?.warning;
      setOptionalText(warning, caution ? words.message(caution) : undefined);
      const mistake = view.problem(input.id, row);
      problem.show(mistake && words.message(mistake));
      setAttribute(main, 'data-problem', mistake !== undefined);
      describe(main, name, facts, hint, warning, problem.element);

      const key =
        source && asset?.status === 'ready' && input.accepts === 'image' && pictureKey(source, asset);
      if (key === shown) return;
      shown = key || undefined;
      const info = asset?.status === 'ready' ? asset.info : undefined;
      const mediaType = asset?.status === 'ready' ? asset.mediaType : undefined;
      const showable = key && source && info && mediaType;
      picture.removeAttribute('src');
      // Its room is kept from the beginning, so that nothing below jumps when it comes.
      picture.hidden = !showable || !info.width || !info.height;
      sign.hidden = !picture.hidden;
      if (!showable) return;
      picture.style.setProperty('--ratio', `${info.width ?? 1} / ${info.height ?? 1}`);
      picture.style.setProperty('--height', `${info.height ?? 160}px`);
      void page.thumbnails.of(source, info, mediaType).then(url => {
        if (shown !== key) return;
        if (url) picture.src = url;
        picture.hidden = !url;
        sign.hidden = !picture.hidden;
      });
    },
  };
}

const emptyText = { image: 'form.noImage', audio: 'form.noAudio' } as const;

function pictureKey(source: AssetSource, asset: Extract<AssetView, { status: 'ready' }>): string {
  return [sourceKey(source), asset.info?.modified, asset.info?.bytes, asset.mediaType].join('\n');
}

function nameOf(source: AssetSource): string {
  const path = sourceKey(source).split(/[?#]/, 1)[0] ?? '';
  const last = path.split('/').pop() ?? path;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function factsOf(words: Words, source: AssetSource, asset: AssetView | undefined): string {
  if (source.kind === 'url') return words.text('form.fromUrl');
  if (!asset || asset.status === 'reading') return words.text('form.reading');
  if (asset.status === 'problem' || !asset.info) return '';
  return infoText(words, asset.info, asset.mediaType !== undefined);
}

function infoText(words: Words, info: AssetInfo, showable: boolean): string {
  const type = info.extension.toUpperCase();
  return [
    info.width !== undefined && info.height !== undefined
      ? `${words.number(info.width)} × ${words.number(info.height)}`
      : undefined,
    info.seconds !== undefined ? lengthText(words, info.seconds) : undefined,
    type,
    words.bytes(info.bytes),
    info.kind === 'image' && !showable ? words.text('form.noPreview', { type }) : undefined,
  ]
    .filter(part => part !== undefined)
    .join(' · ');
}

/** Cut, not rounded: it agrees with the End that is filled in. */
function lengthText(words: Words, seconds: number): string {
  return seconds < 60
    ? words.clock(Math.floor(seconds * 100 + 1e-6) / 100, 2)
    : words.clock(Math.floor(seconds));
}

async function take(page: Page, row: string, input: ToolInput, dropped: Dropped): Promise<void> {
  const url = dropped.urls[0];
  if (dropped.uris.length > 0) await page.actions.dropUris(row, input.id, [...dropped.uris]);
  else if (url !== undefined) page.actions.setInput(row, input.id, { kind: 'url', url });
  for (const [index, file] of dropped.files.entries()) {
    if (file.size > maxDropBytes) {
      page.store.notify({
        key: 'form.dropTooLarge',
        args: { name: file.name, size: page.words.bytes(maxDropBytes) },
      });
      continue;
    }
    // The first goes where it was dropped, the others get rows of their own.
    await page.actions.dropFile(index === 0 ? row : '', input.id, file);
  }
}
