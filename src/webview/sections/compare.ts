import { h } from '../dom.ts';
import type { Words } from '../words.ts';

/** The result, and under it the photo it was made from: a slider wipes between them. */
export function comparePart(words: Words, after: string, before: string | undefined): HTMLElement {
  const result = h('img', {
    src: after,
    alt: words.text('form.resultAlt'),
    class: 'after',
    draggable: 'false',
  });
  if (!before) return h('div', { class: 'compare' }, result);
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    step: 1,
    'aria-label': words.text('form.compare'),
  });
  const element = h(
    'div',
    { class: 'compare', dir: 'ltr' },
    result,
    h('img', { src: before, alt: words.text('form.originalAlt'), class: 'before', draggable: 'false' }),
    h('span', { class: 'tag before-tag', 'aria-hidden': 'true' }, words.text('form.before')),
    h('span', { class: 'tag after-tag', 'aria-hidden': 'true' }, words.text('form.after')),
    h('span', { class: 'divider', 'aria-hidden': 'true' }),
    slider,
  );
  const show = () => {
    element.style.setProperty('--split', `${slider.value}%`);
    slider.setAttribute(
      'aria-valuetext',
      words.text('form.compareAt', { percent: words.percent(Number(slider.value) / 100) }),
    );
  };
  slider.addEventListener('input', show);
  show();
  return element;
}
