import type { Span } from './drag.ts';
import type { AudioFile } from './waveform.ts';

/** Files up to this size are loaded completely, so that playback can start anywhere immediately. */
const maxLoadedBytes = 24 * 1024 * 1024;
/** The host cuts larger files into pieces of this many seconds. */
const pieceSeconds = 30;

export type Playing = 'all' | 'clip' | undefined;

export interface PlayerEvents {
  /** Called when `playing` or `position` has changed. */
  onChange(): void;
  onError(error: unknown): void;
}

/**
 * Plays an audio file or just its clip in a single `<audio>` element. The element's `data-offset` is the position in
 * the file, in seconds, at which the element's content starts.
 */
export class Player {
  isLooping = false;
  readonly #audio: HTMLAudioElement;
  readonly #file: AudioFile;
  readonly #events: PlayerEvents;
  #clip: Span;
  #playing: Playing;
  #position = 0;
  #offset = 0;
  /** Where the loaded piece ends in the file, in seconds. */
  #until = 0;
  #url: string | undefined;
  #run = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(audio: HTMLAudioElement, file: AudioFile, clip: Span, events: PlayerEvents) {
    this.#audio = audio;
    this.#file = file;
    this.#clip = clip;
    this.#events = events;
    audio.addEventListener('ended', () => this.#reachedEnd());
  }

  get playing(): Playing {
    return this.#playing;
  }

  /** In seconds. */
  get position(): number {
    return this.#playing ? this.#audio.currentTime + this.#offset : this.#position;
  }

  set clip(clip: Span) {
    if (clip.start === this.#clip.start && clip.end === this.#clip.end) return;
    this.#clip = clip;
    if (this.#playing === 'clip') this.#watch();
  }

  async play(what: 'all' | 'clip'): Promise<void> {
    const run = ++this.#run;
    const length = this.#length;
    const from = what === 'clip' ? this.#clip.start : this.#position >= length - 0.05 ? 0 : this.#position;
    this.#playing = what;
    this.#position = from;
    this.#events.onChange();
    try {
      await this.#load(from, what === 'clip' ? this.#clip.end : Math.min(length, from + pieceSeconds));
      if (run !== this.#run) return;
      this.#audio.currentTime = Math.max(0, from - this.#offset);
      await this.#audio.play();
      if (run === this.#run) this.#watch();
    } catch (error) {
      if (run !== this.#run) return;
      this.pause();
      this.#events.onError(error);
    }
  }

  pause(): void {
    if (this.#playing) this.#position = Math.min(this.#length, this.#audio.currentTime + this.#offset);
    this.#run++;
    this.#audio.pause();
    this.#playing = undefined;
    this.#unwatch();
    this.#events.onChange();
  }

  seek(seconds: number): void {
    const playing = this.#playing;
    this.pause();
    this.#position = Math.min(this.#length, Math.max(0, seconds));
    // The clip always plays from its start, so playing from elsewhere plays the entire file.
    if (playing) void this.play('all');
    else this.#events.onChange();
  }

  dispose(): void {
    this.#run++;
    this.#unwatch();
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  get #length(): number {
    return this.#file.seconds;
  }

  async #load(from: number, to: number): Promise<void> {
    if (this.#url && from >= this.#offset && to <= this.#until + 0.001) return;
    const run = this.#run;
    const isComplete = this.#file.bytes <= maxLoadedBytes;
    const { blob, offset } = isComplete
      ? { blob: await this.#file.readAll(), offset: 0 }
      : await this.#file.cut(from, to);
    if (run !== this.#run) return;
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    this.#offset = offset;
    this.#until = isComplete ? this.#length : to;
    this.#audio.dataset['offset'] = String(offset);
    this.#audio.src = this.#url;
  }

  /** Moves the playhead on every frame, and stops exactly at the clip's end even while no frames are drawn. */
  #watch(): void {
    this.#unwatch();
    const end = this.#playing === 'clip' ? this.#clip.end : this.#until;
    const onFrame = () => {
      this.#events.onChange();
      if (this.position >= end) this.#reachedEnd();
      else this.#frame = requestAnimationFrame(onFrame);
    };
    this.#frame = requestAnimationFrame(onFrame);
    const waitForEnd = () => {
      if (this.position >= end - 0.001) this.#reachedEnd();
      else this.#timer = setTimeout(waitForEnd, Math.max(1, (end - this.position) * 1000));
    };
    waitForEnd();
  }

  #unwatch(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  #reachedEnd(): void {
    const playing = this.#playing;
    if (!playing) return;
    if (playing === 'all' && this.#until < this.#length - 0.01) {
      this.#position = this.#until;
      void this.play('all');
      return;
    }
    const end = playing === 'clip' ? this.#clip.end : this.#length;
    this.pause();
    this.#audio.currentTime = Math.max(0, Math.min(end - this.#offset, this.#audio.duration || 0));
    this.#position = playing === 'clip' ? this.#clip.start : 0;
    if (this.isLooping) void this.play(playing);
    else this.#events.onChange();
  }
}
