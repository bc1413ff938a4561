import { exactLevel, type Peaks, unknownLevel } from './peaks.ts';
import { tickStep } from './ticks.ts';

export interface Picture {
  readonly peaks: Peaks | undefined;
  /** The visible range, in seconds. */
  readonly from: number;
  readonly to: number;
  /** Start of the clip, which is drawn in the stronger color. */
  readonly start: number;
  readonly end: number;
  /** Length of the audio, in seconds. */
  readonly length: number;
}

/** Height of the ruler below the waveform, in CSS pixels. */
export const rulerHeight = 20;

/** Draws the waveform and its ruler in the colors from the canvas's `--wave-…` properties. */
export function draw(
  canvas: HTMLCanvasElement,
  picture: Picture,
  label: (seconds: number, step: number) => string,
): void {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!context || width === 0 || height === 0) return;
  const density = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name);
  const waveHeight = height - rulerHeight;
  const secondsPerPixel = (picture.to - picture.from) / width;

  drawRuler(context, picture, secondsPerPixel, width, height, color('--wave-ruler'), style.fontFamily, label);
  if (picture.peaks) drawLevels(context, picture, picture.peaks, secondsPerPixel, width, waveHeight, color);
}

function drawLevels(
  context: CanvasRenderingContext2D,
  picture: Picture,
  peaks: Peaks,
  secondsPerPixel: number,
  width: number,
  height: number,
  color: (name: string) => string,
): void {
  const inside = color('--wave-clip');
  const outside = color('--wave-rest');
  const loudest = Math.max(0.05, peaks.loudestOfAll);
  const middle = height / 2;
  for (let x = 0; x < width; x++) {
    const at = picture.from + x * secondsPerPixel;
    if (at >= picture.length) break;
    const { level, known } = peaks.loudest(at, at + secondsPerPixel);
    if (known === unknownLevel && level === 0) continue;
    const reach = Math.max(0.5, (level / loudest) * (middle - 4));
    context.fillStyle = at >= picture.start && at < picture.end ? inside : outside;
    context.globalAlpha = known === exactLevel ? 1 : 0.55;
    context.fillRect(x, middle - reach, 1, reach * 2);
  }
  context.globalAlpha = 1;
}

function drawRuler(
  context: CanvasRenderingContext2D,
  picture: Picture,
  secondsPerPixel: number,
  width: number,
  height: number,
  color: string,
  font: string,
  label: (seconds: number, step: number) => string,
): void {
  const step = tickStep(secondsPerPixel, 64);
  context.fillStyle = color;
  context.font = `11px ${font}`;
  context.textBaseline = 'bottom';
  for (let tick = Math.ceil(picture.from / step - 1e-6); tick * step <= picture.to; tick++) {
    const seconds = tick * step;
    if (seconds > picture.length) break;
    const x = Math.round((seconds - picture.from) / secondsPerPixel);
    context.fillRect(x, height - rulerHeight, 1, 4);
    const text = label(seconds, step);
    const room = context.measureText(text).width;
    const place = Math.min(width - room - 2, Math.max(2, x - room / 2));
    context.fillText(text, place, height - 1);
  }
}
