import type { Frame, FrameLocator, Locator } from 'playwright-core';
import { until } from '../harness/until.ts';
import type { Window } from '../harness/window.ts';
import { text } from './text.ts';

/** The frame of a form, to run scripts in. */
export async function frameOf(form: FrameLocator): Promise<Frame> {
  const element = await form.owner().elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('The form has no frame.');
  return frame;
}

/**
 * The visible form, once it has the focus. While VS Code moves the focus into a new form, which takes a few
 * milliseconds, text that a test types can get lost.
 */
export async function focusedForm(window: Window): Promise<FrameLocator> {
  const form = window.form();
  await until('the focus in the form', () => form.locator('body').evaluate(() => document.hasFocus()));
  return form;
}

/** Waits until the visible form shows a result that was saved under this name. */
export const resultInForm = (window: Window, name: string): Promise<void> =>
  window.form().getByText(name, { exact: true }).first().waitFor();

/**
 * The clip editor of a talking photo. The clip's edges are sliders on the timeline, and its times are in two fields.
 */
export class ClipEditor {
  readonly start: Locator;
  readonly end: Locator;
  readonly startSlider: Locator;
  readonly endSlider: Locator;
  /** The complete timeline, including the part that's scrolled out of view. */
  readonly timeline: Locator;
  readonly audio: Locator;
  readonly #window: Window;

  /** @param part The form, or one of its rows. */
  constructor(window: Window, part: FrameLocator | Locator) {
    this.#window = window;
    this.start = part.getByRole('spinbutton', { name: text('field.start'), exact: true });
    this.end = part.getByRole('spinbutton', { name: text('field.end'), exact: true });
    this.startSlider = part.getByRole('slider', { name: text('form.clipStart') });
    this.endSlider = part.getByRole('slider', { name: text('form.clipEnd') });
    this.timeline = part.locator('.wave-inner');
    this.audio = part.locator('.wave audio');
  }

  /** The start and end in the fields. */
  async times(): Promise<[start: number, end: number]> {
    return [Number(await this.start.inputValue()), Number(await this.end.inputValue())];
  }

  /**
   * Drags with the mouse from one second of the audio to another, in steps.
   * @param length The audio's length in seconds.
   */
  async drag(from: number, to: number, length: number): Promise<void> {
    await this.timeline.scrollIntoViewIfNeeded();
    const box = await this.timeline.boundingBox();
    if (!box) throw new Error('The timeline is not shown.');
    const { mouse } = this.#window.page;
    // The last pixel is already outside the timeline.
    const x = (seconds: number) => box.x + Math.min(box.width - 1, (seconds / length) * box.width);
    // The upper third has no ruler and no scroll bar.
    const y = box.y + box.height / 3;
    await mouse.move(x(from), y);
    await mouse.down();
    await mouse.move(x(to), y, { steps: 8 });
    await mouse.up();
  }
}

/** Waits for a text in the form. */
export const waitForText = (form: FrameLocator, what: string | RegExp): Promise<void> =>
  form.getByText(what).filter({ visible: true }).first().waitFor();
