import { type Bounds, moveClip, moveEnd, moveStart, type Span } from './drag.ts';
import { draw, type Picture } from './draw.ts';
import type { Peaks } from './peaks.ts';

export interface TimelineState extends Bounds {
  readonly clip: Span;
  readonly peaks: Peaks | undefined;
}

export interface TimelineEvents {
  /** Called when the clip is dragged or nudged. */
  onClip(clip: Span): void;
  onSeek(seconds: number): void;
  onToggle(): void;
  onZoom(): void;
  /** Called with the visible range, in seconds, when the range changes. */
  onVisibleRange(from: number, to: number): void;
}

/** Shortest visible range, in seconds. */
const minVisibleSeconds = 1;
const nudges: Record<string, number> = {
  ArrowLeft: -0.1,
  ArrowDown: -0.1,
  ArrowRight: 0.1,
  ArrowUp: 0.1,
  PageDown: -5,
  PageUp: 5,
};

/**
 * Shows an audio file from left to right, with the clip on it. The clip's edges are sliders, its body can be dragged,
 * and other clicks and drags move the playhead. The timeline scrolls like any element, but its canvas draws only the
 * visible range.
 */
export class Timeline {
  readonly #root: HTMLElement;
  readonly #clock: (seconds: number, decimals?: number) => string;
  readonly #events: TimelineEvents;
  readonly #canvas = document.createElement('canvas');
  readonly #body = box('wave-clip');
  readonly #beyond = box('wave-beyond');
  readonly #playhead = box('wave-head');
  readonly #start: HTMLElement;
  readonly #end: HTMLElement;
  readonly #inner = box('wave-inner');
  readonly #stop = new AbortController();
  #state: TimelineState = { clip: { start: 0, end: 0 }, peaks: undefined, length: 1, limit: 1 };
  #zoom = 1;
  #frame = 0;

  /** @param root An empty element, in which the timeline is built. */
  constructor(
    root: HTMLElement,
    labels: { readonly start: string; readonly end: string },
    clock: (seconds: number, decimals?: number) => string,
    events: TimelineEvents,
  ) {
    this.#root = root;
    this.#clock = clock;
    this.#events = events;
    this.#start = this.#edge('start', labels.start);
    this.#end = this.#edge('end', labels.end);
    this.#canvas.ariaHidden = 'true';
    this.#inner.append(this.#canvas, this.#beyond, this.#body, this.#playhead, this.#start, this.#end);
    root.replaceChildren(this.#inner);
    const { signal } = this.#stop;
    const redraw = () => this.redraw();
    root.addEventListener('scroll', redraw, { passive: true, signal });
    root.addEventListener('wheel', event => this.#wheel(event), { signal });
    this.#inner.addEventListener('pointerdown', event => this.#press(event));
    const sizes = new ResizeObserver(redraw);
    sizes.observe(root);
    const themes = new MutationObserver(redraw);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    window.matchMedia('(forced-colors: active)').addEventListener('change', redraw, { signal });
    signal.addEventListener('abort', () => {
      sizes.disconnect();
      themes.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  update(state: TimelineState): void {
    this.#state = state;
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

  showPlayhead(seconds: number, follow: boolean): void {
    place(this.#playhead, seconds / this.#state.length);
    if (!follow) return;
    const { from, to } = this.visibleRange;
    if (seconds < from || seconds > to) this.#scrollTo(seconds);
  }

  dispose(): void {
    this.#stop.abort();
  }

  get zoom(): number {
    return this.#zoom;
  }

  get maxZoom(): number {
    return Math.max(1, this.#state.length / minVisibleSeconds);
  }

  /** In seconds. */
  get visibleRange(): { readonly from: number; readonly to: number } {
    const perPixel = this.#state.length / Math.max(1, this.#inner.clientWidth);
    const from = this.#root.scrollLeft * perPixel;
    const to = from + this.#root.clientWidth * perPixel;
    return { from, to };
  }

  /** @param around Position in seconds that stays in place. Defaults to the middle of the clip. */
  zoomTo(zoom: number, around?: number): void {
    const { clip } = this.#state;
    const middle = around ?? (clip.start + clip.end) / 2;
    const { from, to } = this.visibleRange;
    const share = middle >= from && middle <= to && to > from ? (middle - from) / (to - from) : 0.5;
    this.#zoom = Math.min(this.maxZoom, Math.max(1, zoom));
    this.#inner.style.setProperty('--zoom', String(this.#zoom));
    const visible = this.#root.clientWidth;
    this.#root.scrollLeft = (middle / this.#state.length) * this.#inner.clientWidth - share * visible;
    this.redraw();
    this.#events.onZoom();
  }

  /** Shows the clip with a little space on both sides. */
  zoomToClip(): void {
    const { clip, length } = this.#state;
    this.zoomTo(length / Math.max(minVisibleSeconds, (clip.end - clip.start) * 1.2));
    this.#scrollTo((clip.start + clip.end) / 2);
  }

  redraw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { clip, length, peaks } = this.#state;
      const { from, to } = this.visibleRange;
      this.#canvas.style.setProperty('inline-size', `${this.#root.clientWidth}px`);
      const picture: Picture = { peaks, from, to, length, start: clip.start, end: clip.end };
      draw(this.#canvas, picture, (seconds, step) => this.#clock(seconds, step < 1 ? 1 : 0));
      if (this.#zoom > 1) this.#events.onVisibleRange(from, to);
    });
  }

  #scrollTo(seconds: number): void {
    this.#root.scrollLeft =
      (seconds / this.#state.length) * this.#inner.clientWidth - this.#root.clientWidth / 2;
  }

  #edge(which: 'start' | 'end', name: string): HTMLElement {
    const move = which === 'start' ? moveStart : moveEnd;
    const element = box(`wave-edge ${which}`);
    element.role = 'slider';
    element.tabIndex = 0;
    element.ariaLabel = name;
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
    const round = (value: number) => String(Math.round(value * 100) / 100);
    edge.ariaValueNow = round(seconds);
    edge.ariaValueMin = round(Math.min(low, seconds));
    edge.ariaValueMax = round(Math.max(high, seconds));
    edge.ariaValueText = this.#clock(seconds, 2);
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
            : 'background';
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
      if (grabbed === 'background') this.#events.onSeek(this.#secondsAt(to.clientX));
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

  /** Scrolls when the pointer is dragged past an edge. */
  #scrollAlong(clientX: number): void {
    const box = this.#root.getBoundingClientRect();
    if (clientX < box.left + 8) this.#root.scrollLeft -= 16;
    if (clientX > box.right - 8) this.#root.scrollLeft += 16;
  }
}

const box = (className: string): HTMLElement => {
  const element = document.createElement('div');
  element.className = className;
  return element;
};

function place(element: HTMLElement, from: number, share?: number): void {
  element.style.setProperty('left', `${from * 100}%`);
  if (share !== undefined) element.style.setProperty('width', `${Math.max(0, share) * 100}%`);
}
