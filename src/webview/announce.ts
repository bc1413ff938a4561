import { h } from './dom.ts';

export type Announce = (text: string) => void;

/**
 * The page's one voice: what is said here is read out once, politely. Two regions take turns, because a
 * screen reader says nothing when the same text is set again.
 */
export function voice(): { readonly element: HTMLElement; readonly announce: Announce } {
  const regions = [0, 1].map(() => h('div', { role: 'status', 'aria-live': 'polite' }));
  let turn = 0;
  return {
    element: h('div', { class: 'unseen' }, ...regions),
    announce(text) {
      regions[turn]?.replaceChildren();
      turn = 1 - turn;
      regions[turn]?.replaceChildren(text);
    },
  };
}
