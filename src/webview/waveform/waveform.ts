import { WaveformCache, type DecodedAudio } from './cache.ts';
import type { Span } from './drag.ts';
import { openFrames } from './frames.ts';
import { exactLevel } from './peaks.ts';
import { Player, type Playing } from './player.ts';
import { Timeline } from './timeline.ts';
import type { ReadRange } from '../media/bytes.ts';

/** Shortest silence, in seconds, that the user can trim. */
const minSilence = 0.3;
/** Seconds of silence that trimming keeps at each end. */
const keptSilence = 0.05;
/** The longest visible range, in seconds, that is decoded in full detail. */
const maxDetailedSeconds = 300;

/** An audio file and the functions that read its content. */
export interface AudioFile {
  /** Identifies the version of the file. */
  readonly key: string;
  readonly bytes: number;
  /** In lowercase, without the dot. */
  readonly extension: string;
  readonly seconds: number;
  readonly read: ReadRange;
  readonly readAll: () => Promise<Blob>;
  /** Cuts out a part as a separate file. `offset` is where that part starts in the full file, in seconds. */
  readonly cut: (start: number, end: number) => Promise<{ readonly blob: Blob; readonly offset: number }>;
}

export interface WaveformOptions {
  /** An empty element, in which the timeline is built. */
  readonly timeline: HTMLElement;
  /** Undefined if the page can't play the format. */
  readonly audio: HTMLAudioElement | undefined;
  /** Shows the frame at the edge that was moved last, or at the playhead. */
  readonly video: HTMLVideoElement | undefined;
  readonly file: AudioFile;
  readonly clock: (seconds: number, decimals?: number) => string;
  readonly labels: { readonly start: string; readonly end: string };
  /** Called when the clip is dragged or nudged. */
  readonly onClip: (clip: Span) => void;
  /** Called when something that {@link Waveform} reports has changed. */
  readonly onChange: () => void;
}

/** The waveform of an audio file, its player, and the clip on it. */
export interface Waveform {
  readonly status: DecodedAudio['status'];
  readonly playing: Playing;
  readonly isLooping: boolean;
  /** Position of the playhead, in seconds. */
  readonly position: number;
  readonly playError: unknown;
  /** Whether the page can decode the video. */
  readonly hasFrames: boolean;
  readonly zoom: number;
  readonly maxZoom: number;
  update(clip: Span, limit: number): void;
  toggle(what: 'all' | 'clip'): void;
  toggleLoop(): void;
  pause(): void;
  zoomBy(factor: number): void;
  zoomToClip(): void;
  /** The clip without the silence at its ends, and the length of that silence. */
  findSilence(): { readonly clip: Span; readonly seconds: number } | undefined;
  dispose(): void;
}

const cache = new WaveformCache();

// Everything is passed as a parameter, because code imported by both this module and the page would move into a chunk
// that the first paint waits for.
export function openWaveform(options: WaveformOptions): Waveform {
  const { file, audio, onChange } = options;
  let clip: Span = { start: 0, end: file.seconds };
  let limit = file.seconds;
  let playError: unknown;
  let frame = 0;
  let hasFrames = false;
  const { decoded, close } = cache.open(file, () => {
    draw();
    // Decoding reports progress every few milliseconds, so call `onChange` at most once per frame.
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      onChange();
    });
  });
  const frames =
    options.video &&
    openFrames(options.video, file, () => {
      hasFrames = true;
      onChange();
    });
  const player =
    audio &&
    new Player(audio, file, clip, {
      onChange() {
        const position = player?.position ?? 0;
        timeline.showPlayhead(position, player?.playing !== undefined);
        frames?.show(position);
        onChange();
      },
      onError(error) {
        playError = error;
        onChange();
      },
    });
  const toggle = (what: 'all' | 'clip') => {
    if (player?.playing === what) player.pause();
    else void player?.play(what);
  };
  const timeline = new Timeline(options.timeline, options.labels, options.clock, {
    onClip: options.onClip,
    onSeek: seconds => player?.seek(seconds),
    onToggle: () => toggle('clip'),
    onZoom: onChange,
    onVisibleRange(from, to) {
      if (to - from < maxDetailedSeconds && decoded.peaks.loudest(from, to).known !== exactLevel)
        decoded.refine(from, to);
    },
  });
  function draw(): void {
    const peaks = decoded.status === 'undecodable' ? undefined : decoded.peaks;
    timeline.update({ clip, length: file.seconds, limit, peaks });
  }
  draw();

  return {
    get status() {
      return decoded.status;
    },
    get playing() {
      return player?.playing;
    },
    get isLooping() {
      return player?.isLooping === true;
    },
    get position() {
      return player?.position ?? 0;
    },
    get playError() {
      return playError;
    },
    get hasFrames() {
      return hasFrames;
    },
    get zoom() {
      return timeline.zoom;
    },
    get maxZoom() {
      return timeline.maxZoom;
    },
    update(nextClip, nextLimit) {
      if (nextClip.start !== clip.start) frames?.show(nextClip.start);
      else if (nextClip.end !== clip.end) frames?.show(nextClip.end);
      clip = nextClip;
      limit = nextLimit;
      if (player) player.clip = clip;
      draw();
    },
    toggle,
    toggleLoop() {
      if (player) player.isLooping = !player.isLooping;
      onChange();
    },
    pause() {
      if (player?.playing) player.pause();
    },
    zoomBy: factor => timeline.zoomTo(timeline.zoom * factor),
    zoomToClip: () => timeline.zoomToClip(),
    findSilence() {
      const sound = clip.end > clip.start && decoded.peaks.withoutSilence(clip.start, clip.end);
      if (!sound) return undefined;
      const from = Math.max(clip.start, sound.from - keptSilence);
      const to = Math.min(clip.end, file.seconds, sound.to + keptSilence);
      const before = from - clip.start < minSilence ? 0 : from - clip.start;
      const after = clip.end - to < minSilence ? 0 : clip.end - to;
      if (before + after === 0) return undefined;
      return {
        clip: {
          start: before > 0 ? hundredths(from) : clip.start,
          end: after > 0 ? hundredths(to) : clip.end,
        },
        seconds: hundredths(before + after),
      };
    },
    dispose() {
      cancelAnimationFrame(frame);
      close();
      frames?.dispose();
      player?.dispose();
      timeline.dispose();
    },
  };
}

const hundredths = (seconds: number) => Math.round(seconds * 100) / 100;
