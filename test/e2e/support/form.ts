import type { Frame, FrameLocator, Locator } from 'playwright-core';
import type { Window } from '../harness/window.ts';
import { text } from './text.ts';

/** The document of a form, to run scripts in. */
export async function frameOf(form: FrameLocator): Promise<Frame> {
  const element = await form.owner().elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('The form has no document.');
  return frame;
}

/** Waits until the visible form shows a result that was saved under this name. */
export const resultInForm = (window: Window, name: string): Promise<void> =>
  window.form().getByText(name, { exact: true }).first().waitFor();

/** A talking photo's clip as a person sees it. The edges are sliders on the timeline, the fields hold the numbers. */
export class ClipEditor {
  readonly start: Locator;
  readonly end: Locator;
  readonly begins: Locator;
  readonly stops: Locator;
  /** The whole timeline, of which a part may be scrolled out of sight. */
  readonly timeline: Locator;
  readonly sound: Locator;
  readonly #window: Window;

  /** @param part A row of several, or the form of one. */
  constructor(window: Window, part: FrameLocator | Locator) {
    this.#window = window;
    this.start = part.getByRole('spinbutton', { name: text('field.start'), exact: true });
    this.end = part.getByRole('spinbutton', { name: text('field.end'), exact: true });
    this.begins = part.getByRole('slider', { name: text('form.clipBegins') });
    this.stops = part.getByRole('slider', { name: text('form.clipStops') });
    this.timeline = part.locator('.wave-inner');
    this.sound = part.locator('.wave audio');
  }

  /** What the fields hold, in seconds. */
  async times(): Promise<[start: number, end: number]> {
    return [Number(await this.start.inputValue()), Number(await this.end.inputValue())];
  }

  /**
   * Drags with the mouse from one second of the recording to another, in steps, as a hand does.
   * @param length The recording's length in seconds.
   */
  async drag(from: number, to: number, length: number): Promise<void> {
    await this.timeline.scrollIntoViewIfNeeded();
    const box = await this.timeline.boundingBox();
    if (!box) throw new Error('The timeline is not shown.');
    const { mouse } = this.#window.page;
    // The last pixel is beside the timeline already.
    const x = (seconds: number) => box.x + Math.min(box.width - 1, (seconds / length) * box.width);
    // The upper third: edges and body are there, the ruler and a scroll bar are not.
    const y = box.y + box.height / 3;
    await mouse.move(x(from), y);
    await mouse.down();
    await mouse.move(x(to), y, { steps: 8 });
    await mouse.up();
  }
}

/** Waits until a label or text is there, in words that fail well. */
export const said = (form: FrameLocator, what: string | RegExp): Promise<void> =>
  form.getByText(what).filter({ visible: true }).first().waitFor();
