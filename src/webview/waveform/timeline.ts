import { h, setAttribute } from '../dom.ts';
import type { Words } from '../words.ts';
import { type Bounds, moveClip, moveEnd, moveStart, type Span } from './drag.ts';
import { draw, type Picture } from './draw.ts';
import type { Peaks } from './peaks.ts';

export interface TimelineState extends Bounds {
  readonly clip: Span;
  readonly peaks: Peaks | undefined;
}

export interface TimelineEvents {
  /** The clip was dragged or nudged. */
  onClip(clip: Span): void;
  onSeek(seconds: number): void;
  onToggle(): void;
  /** Another part came into sight, in seconds. */
  onSight(from: number, to: number): void;
}

/** Shortest part of a recording that fills the width, in seconds. */
const closest = 1;
const nudges: Record<string, number> = {
  ArrowLeft: -0.1,
  ArrowDown: -0.1,
  ArrowRight: 0.1,
  ArrowUp: 0.1,
  PageDown: -5,
  PageUp: 5,
};

/**
 * A recording from left to right, with the clip on it: its edges are sliders, its body can be dragged, the rest
 * moves the playhead. It scrolls as every box does; its canvas draws only what is in sight.
 */
export class Timeline {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #events: TimelineEvents;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #body = h('div', { class: 'wave-clip' });
  readonly #beyond = h('div', { class: 'wave-beyond' });
  readonly #head = h('div', { class: 'wave-head' });
  readonly #start: HTMLElement;
  readonly #end: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #stop = new AbortController();
  #state: TimelineState = { clip: { start: 0, end: 0 }, peaks: undefined, length: 1, limit: 1 };
  #zoom = 1;
  #frame = 0;

  constructor(words: Words, events: TimelineEvents) {
    this.#words = words;
    this.#events = events;
    this.#start = this.#edge('start', words.text('form.clipBegins'));
    this.#end = this.#edge('end', words.text('form.clipStops'));
    this.#inner = h(
      'div',
      { class: 'wave-inner' },
      this.#canvas,
      this.#beyond,
      this.#body,
      this.#head,
      this.#start,
      this.#end,
    );
    this.element = h('div', { class: 'wave-scroll', dir: 'ltr' }, this.#inner);
    this.element.addEventListener('scroll', () => this.redraw(), { passive: true });
    this.element.addEventListener('wheel', event => this.#wheel(event));
    this.#inner.addEventListener('pointerdown', event => this.#press(event));
    const sizes = new ResizeObserver(() => this.redraw());
    sizes.observe(this.element);
    const themes = new MutationObserver(() => this.redraw());
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    window.matchMedia('(forced-colors: active)').addEventListener('change', () => this.redraw(), {
      signal: this.#stop.signal,
    });
    this.#stop.signal.addEventListener('abort', () => {
      sizes.disconnect();
      themes.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  update(state: TimelineState): void {
    const isOther = state.length !== this.#state.length;
    this.#state = state;
    if (isOther) this.zoomTo(1);
    const { clip, length, limit } = state;
    place(this.#body, clip.start / length, (clip.end - clip.start) / length);
    place(this.#start, clip.start / length);
    place(this.#end, clip.end / length);
    const furthest = Math.min(length, clip.start + limit);
    this.#beyond.hidden = furthest >= length;
    place(this.#beyond, furthest / length, (length - furthest) / length);
    this.#describe(this.#start, clip.start, Math.max(0, clip.end - limit), clip.end);
    this.#describe(this.#end, clip.end, clip.start, furthest);
    this.redraw();
  }

  showHead(seconds: number, follow: boolean): void {
    place(this.#head, seconds / this.#state.length);
    if (!follow) return;
    const { from, to } = this.sight;
    if (seconds < from || seconds > to) this.#scrollTo(seconds);
  }

  dispose(): void {
    this.#stop.abort();
  }

  get zoom(): number {
    return this.#zoom;
  }

  get maxZoom(): number {
    return Math.max(1, this.#state.length / closest);
  }

  /** What is in sight, in seconds. */
  get sight(): Span & { readonly from: number; readonly to: number } {
    const perPixel = this.#state.length / Math.max(1, this.#inner.clientWidth);
    const from = this.element.scrollLeft * perPixel;
    const to = from + this.element.clientWidth * perPixel;
    return { from, to, start: from, end: to };
  }

  /** @param around seconds that stay where they are; absent: the middle of the clip */
  zoomTo(zoom: number, around?: number): void {
    const { clip } = this.#state;
    const middle = around ?? (clip.start + clip.end) / 2;
    const { from, to } = this.sight;
    const share = middle >= from && middle <= to && to > from ? (middle - from) / (to - from) : 0.5;
    this.#zoom = Math.min(this.maxZoom, Math.max(1, zoom));
    this.#inner.style.setProperty('--zoom', String(this.#zoom));
    const visible = this.element.clientWidth;
    this.element.scrollLeft = (middle / this.#state.length) * this.#inner.clientWidth - share * visible;
    this.redraw();
  }

  /** The clip with a little room on both sides. */
  showClip(): void {
    const { clip, length } = this.#state;
    this.zoomTo(length / Math.max(closest, (clip.end - clip.start) * 1.2));
    this.#scrollTo((clip.start + clip.end) / 2);
  }

  redraw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { clip, length, peaks } = this.#state;
      const { from, to } = this.sight;
      this.#canvas.style.setProperty('inline-size', `${this.element.clientWidth}px`);
      const picture: Picture = { peaks, from, to, length, start: clip.start, end: clip.end };
      draw(this.#canvas, picture, (seconds, step) => this.#words.clock(seconds, step < 1 ? 1 : 0));
      if (this.#zoom > 1) this.#events.onSight(from, to);
    });
  }

  #scrollTo(seconds: number): void {
    this.element.scrollLeft =
      (seconds / this.#state.length) * this.#inner.clientWidth - this.element.clientWidth / 2;
  }

  #edge(which: 'start' | 'end', name: string): HTMLElement {
    const move = which === 'start' ? moveStart : moveEnd;
    const element = h('div', {
      class: `wave-edge ${which}`,
      role: 'slider',
      tabindex: '0',
      'aria-label': name,
    });
    element.addEventListener('keydown', event => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { clip } = this.#state;
      if (event.key === ' ') this.#events.onToggle();
      else if (event.key === 'Home') this.#events.onClip(move(clip, 0, this.#state));
      else if (event.key === 'End') this.#events.onClip(move(clip, this.#state.length, this.#state));
      else {
        const nudge = nudges[event.key];
        if (nudge === undefined) return;
        const by = event.shiftKey && Math.abs(nudge) < 1 ? nudge * 10 : nudge;
        this.#events.onClip(move(clip, clip[which] + by, this.#state));
      }
      event.preventDefault();
    });
    return element;
  }

  #describe(edge: HTMLElement, seconds: number, low: number, high: number): void {
    const round = (value: number) => Math.round(value * 100) / 100;
    setAttribute(edge, 'aria-valuenow', round(seconds));
    setAttribute(edge, 'aria-valuemin', round(Math.min(low, seconds)));
    setAttribute(edge, 'aria-valuemax', round(Math.max(high, seconds)));
    setAttribute(edge, 'aria-valuetext', this.#words.clock(seconds, 2));
  }

  #secondsAt(clientX: number): number {
    const box = this.#inner.getBoundingClientRect();
    return ((clientX - box.left) / Math.max(1, box.width)) * this.#state.length;
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoomTo(this.#zoom * 2 ** (-event.deltaY / 200), this.#secondsAt(event.clientX));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const edge = event.target.closest('.wave-edge');
    const grabbed =
      edge === this.#start
        ? 'start'
        : edge === this.#end
          ? 'end'
          : event.target === this.#body
            ? 'body'
            : 'ground';
    const pressedAt = this.#secondsAt(event.clientX);
    const before = this.#state.clip;
    let isDrag = edge !== null;
    const stop = new AbortController();
    const { signal } = stop;
    this.#inner.setPointerCapture(event.pointerId);
    if (edge instanceof HTMLElement) {
      edge.focus();
      event.preventDefault();
    }
    const move = (to: PointerEvent) => {
      isDrag ||= Math.abs(to.clientX - event.clientX) > 3;
      if (!isDrag) return;
      this.#scrollAlong(to.clientX);
      const by = this.#secondsAt(to.clientX) - pressedAt;
      if (grabbed === 'start')
        this.#events.onClip(moveStart(this.#state.clip, before.start + by, this.#state));
      if (grabbed === 'end') this.#events.onClip(moveEnd(this.#state.clip, before.end + by, this.#state));
      if (grabbed === 'body') this.#events.onClip(moveClip(before, before.start + by, this.#state));
      if (grabbed === 'ground') this.#events.onSeek(this.#secondsAt(to.clientX));
    };
    this.#inner.addEventListener('pointermove', move, { signal });
    this.#inner.addEventListener(
      'pointerup',
      () => {
        stop.abort();
        if (!isDrag) this.#events.onSeek(pressedAt);
      },
      { signal },
    );
    this.#inner.addEventListener('pointercancel', () => stop.abort(), { signal });
  }

  /** Dragging past the visible part takes it along. */
  #scrollAlong(clientX: number): void {
    const box = this.element.getBoundingClientRect();
    if (clientX < box.left + 8) this.element.scrollLeft -= 16;
    if (clientX > box.right - 8) this.element.scrollLeft += 16;
  }
}

function place(element: HTMLElement, from: number, share?: number): void {
  element.style.setProperty('left', `${from * 100}%`);
  if (share !== undefined) element.style.setProperty('width', `${Math.max(0, share) * 100}%`);
}
