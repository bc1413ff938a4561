import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import type { Ask } from '../channel.ts';
import { h } from '../dom.ts';
import { asBytes, readBlob } from '../media/bytes.ts';
import type { Span } from './drag.ts';

/** A recording up to this size is kept whole and can be played from anywhere at once. */
const wholeBytes = 24 * 1024 * 1024;
/** Of a larger one the host cuts out pieces of this many seconds. */
const pieceSeconds = 30;

export type Playing = 'whole' | 'clip' | undefined;

export interface PlayerEvents {
  /** What plays or where it is has changed. */
  onChange(): void;
  onRefusal(error: unknown): void;
}

/**
 * Plays a recording or just its clip through one `<audio>`. Its `data-offset` tells which second of the recording
 * is the element's second 0, so that `currentTime + offset` is the place in the recording.
 */
export class Player {
  readonly audio = h('audio', { preload: 'auto', hidden: true });
  readonly #ask: Ask;
  readonly #source: AssetSource;
  readonly #info: AssetInfo;
  readonly #mediaType: string;
  readonly #events: PlayerEvents;
  #clip: Span;
  #playing: Playing;
  #position = 0;
  #offset = 0;
  /** Where the loaded piece ends, in the recording. */
  #until = 0;
  #url: string | undefined;
  #run = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  loop = false;

  constructor(
    ask: Ask,
    source: AssetSource,
    info: AssetInfo,
    mediaType: string,
    clip: Span,
    events: PlayerEvents,
  ) {
    this.#ask = ask;
    this.#source = source;
    this.#info = info;
    this.#mediaType = mediaType;
    this.#events = events;
    this.#clip = clip;
    this.audio.addEventListener('ended', () => this.#reachedEnd());
  }

  get playing(): Playing {
    return this.#playing;
  }

  /** Seconds into the recording. */
  get position(): number {
    return this.#playing ? this.audio.currentTime + this.#offset : this.#position;
  }

  set clip(clip: Span) {
    if (clip.start === this.#clip.start && clip.end === this.#clip.end) return;
    this.#clip = clip;
    if (this.#playing === 'clip') this.#watch();
  }

  async play(what: 'whole' | 'clip'): Promise<void> {
    const run = ++this.#run;
    const length = this.#length;
    const from = what === 'clip' ? this.#clip.start : this.#position >= length - 0.05 ? 0 : this.#position;
    this.#playing = what;
    this.#position = from;
    this.#events.onChange();
    try {
      await this.#load(from, what === 'clip' ? this.#clip.end : Math.min(length, from + pieceSeconds));
      if (run !== this.#run) return;
      this.audio.currentTime = Math.max(0, from - this.#offset);
      await this.audio.play();
      if (run === this.#run) this.#watch();
    } catch (error) {
      if (run !== this.#run) return;
      this.pause();
      this.#events.onRefusal(error);
    }
  }

  pause(): void {
    if (this.#playing) this.#position = Math.min(this.#length, this.audio.currentTime + this.#offset);
    this.#run++;
    this.audio.pause();
    this.#playing = undefined;
    this.#unwatch();
    this.#events.onChange();
  }

  seek(seconds: number): void {
    const was = this.#playing;
    this.pause();
    this.#position = Math.min(this.#length, Math.max(0, seconds));
    // The clip plays from its beginning; who jumps elsewhere wants to hear the recording.
    if (was) void this.play('whole');
    else this.#events.onChange();
  }

  dispose(): void {
    this.#run++;
    this.#unwatch();
    this.audio.pause();
    this.audio.removeAttribute('src');
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  get #length(): number {
    return this.#info.seconds ?? Number.POSITIVE_INFINITY;
  }

  async #load(from: number, to: number): Promise<void> {
    if (this.#url && from >= this.#offset && to <= this.#until + 0.001) return;
    const run = this.#run;
    const isWhole = this.#info.bytes <= wholeBytes;
    const { blob, offset } = isWhole
      ? { blob: await readBlob(this.#ask, this.#source, this.#info.bytes, this.#mediaType), offset: 0 }
      : await this.#cut(from, to);
    if (run !== this.#run) return;
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    this.#offset = offset;
    this.#until = isWhole ? this.#length : to;
    this.audio.dataset['offset'] = String(offset);
    this.audio.src = this.#url;
  }

  async #cut(start: number, end: number): Promise<{ blob: Blob; offset: number }> {
    const cut = await this.#ask({ type: 'cutClip', source: this.#source, start, end });
    return { blob: new Blob([asBytes(cut.bytes)], { type: cut.mediaType }), offset: cut.start };
  }

  /** Moves the playhead on every picture, and stops exactly at the clip's end also where no picture is drawn. */
  #watch(): void {
    this.#unwatch();
    const end = this.#playing === 'clip' ? this.#clip.end : this.#until;
    const look = () => {
      this.#events.onChange();
      if (this.position >= end) this.#reachedEnd();
      else this.#frame = requestAnimationFrame(look);
    };
    this.#frame = requestAnimationFrame(look);
    const wait = () => {
      if (this.position >= end - 0.001) this.#reachedEnd();
      else this.#timer = setTimeout(wait, Math.max(1, (end - this.position) * 1000));
    };
    wait();
  }

  #unwatch(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  #reachedEnd(): void {
    const was = this.#playing;
    if (!was) return;
    if (was === 'whole' && this.#until < this.#length - 0.01) {
      this.#position = this.#until;
      void this.play('whole');
      return;
    }
    const end = was === 'clip' ? this.#clip.end : this.#length;
    this.pause();
    this.audio.currentTime = Math.max(0, Math.min(end - this.#offset, this.audio.duration || 0));
    this.#position = was === 'clip' ? this.#clip.start : 0;
    if (this.loop) void this.play(was);
    else this.#events.onChange();
  }
}
