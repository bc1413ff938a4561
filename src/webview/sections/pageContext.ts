import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Actions } from '../actions.ts';
import type { Announce } from '../liveRegion.ts';
import type { Thumbnails } from '../media/thumbnails.ts';
import type { Store } from '../store.ts';

/** The objects that the page's sections share. */
export interface Page {
  readonly store: Store;
  readonly actions: Actions;
  readonly announce: Announce;
  readonly thumbnails: Thumbnails;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('No page');
  return page;
}
