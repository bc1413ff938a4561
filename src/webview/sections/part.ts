import type { Actions } from '../actions.ts';
import type { Announce } from '../announce.ts';
import type { Thumbnails } from '../media/thumbnails.ts';
import type { Store } from '../store.ts';
import type { SketchLibrary } from '../waveform/library.ts';
import type { Words } from '../words.ts';

/** What the sections of the page share. */
export interface Page {
  readonly store: Store;
  readonly actions: Actions;
  readonly announce: Announce;
  readonly thumbnails: Thumbnails;
  readonly sketches: SketchLibrary;
  /** The words of this moment, for labels that are made once: the language does not change while a page lives. */
  readonly words: Words;
}
