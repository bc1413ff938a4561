/** Seconds that one level covers, or more if the audio is so long that there would be too many levels. */
const secondsPerLevel = 0.01;
const maxLevels = 48_000;

/** How precisely a level is known. */
export const unknownLevel = 0;
export const sampledLevel = 1;
export const exactLevel = 2;

/** The loudness of audio in equal steps, which can be filled in any order. The number of steps is limited. */
export class Peaks {
  readonly seconds: number;
  readonly #levels: Float32Array;
  readonly #known: Uint8Array;

  constructor(seconds: number) {
    this.seconds = seconds;
    const count = Math.max(1, Math.min(maxLevels, Math.ceil(seconds / secondsPerLevel)));
    this.#levels = new Float32Array(count);
    this.#known = new Uint8Array(count);
  }

  get count(): number {
    return this.#levels.length;
  }

  /** Uses the level of one moment for everything in the range that isn't exactly known yet. */
  sample(from: number, to: number, level: number): void {
    const [first, last] = this.#steps(from, to);
    for (let step = first; step < last; step++) {
      if (this.#known[step] === exactLevel) continue;
      this.#levels[step] = level;
      this.#known[step] = sampledLevel;
    }
  }

  /** Adds the frames that start at `from`, with `rate` frames per second. `frames` are amplitudes from -1 to 1. */
  add(from: number, frames: Float32Array, rate: number): void {
    const perStep = this.seconds / this.count;
    const perFrame = 1 / rate / perStep;
    let position = from / perStep;
    for (let index = 0; index < frames.length; index++, position += perFrame) {
      const step = Math.floor(position);
      if (step < 0 || step >= this.count) continue;
      const level = Math.abs(frames[index] ?? 0);
      if (this.#known[step] !== exactLevel) {
        this.#known[step] = exactLevel;
        this.#levels[step] = level;
      } else if (level > (this.#levels[step] ?? 0)) this.#levels[step] = level;
    }
  }

  /** The loudest level in `[from, to)`. `known` is how precisely the least precise step in that range is known. */
  loudest(from: number, to: number): { readonly level: number; readonly known: number } {
    const [first, last] = this.#steps(from, to);
    let level = 0;
    let known: number = exactLevel;
    for (let step = first; step < last; step++) {
      level = Math.max(level, this.#levels[step] ?? 0);
      known = Math.min(known, this.#known[step] ?? 0);
    }
    return { level, known };
  }

  get loudestOfAll(): number {
    return this.loudest(0, this.seconds).level;
  }

  /**
   * Returns `[from, to]` without the silence at its ends, or undefined if everything is silent or the levels at the
   * ends aren't exactly known.
   */
  withoutSilence(from: number, to: number): { readonly from: number; readonly to: number } | undefined {
    const [first, last] = this.#steps(from, to);
    const threshold = Math.max(0.004, this.loudestOfAll * 0.02);
    const isKnown = (step: number) => this.#known[step] === exactLevel;
    const isSilent = (step: number) => (this.#levels[step] ?? 0) < threshold;
    let start = first;
    while (start < last && isKnown(start) && isSilent(start)) start++;
    let end = last - 1;
    while (end > start && isKnown(end) && isSilent(end)) end--;
    if (start >= last || !isKnown(start) || !isKnown(end)) return undefined;
    const perStep = this.seconds / this.count;
    return { from: Math.max(from, start * perStep), to: Math.min(to, (end + 1) * perStep) };
  }

  #steps(from: number, to: number): [number, number] {
    const perStep = this.seconds / this.count;
    const first = Math.max(0, Math.min(this.count - 1, Math.floor(from / perStep)));
    return [first, Math.max(first + 1, Math.min(this.count, Math.ceil(to / perStep)))];
  }
}
