export type Announce = (text: string) => void;

/**
 * Announces something politely to screen readers. Two regions alternate, because a screen reader says nothing when the
 * same text is set again.
 */
export function liveRegion(): { readonly element: HTMLElement; readonly announce: Announce } {
  const element = document.createElement('div');
  element.className = 'visually-hidden';
  const regions = [0, 1].map(() => {
    const region = document.createElement('div');
    region.role = 'status';
    region.ariaLive = 'polite';
    element.append(region);
    return region;
  });
  let turn = 0;
  return {
    element,
    announce(text) {
      regions[turn]?.replaceChildren();
      turn = 1 - turn;
      regions[turn]?.replaceChildren(text);
    },
  };
}
