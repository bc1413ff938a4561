import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import type { DraftRow } from '../../shared/draft.ts';
import { sourceKey } from '../../shared/protocol.ts';
import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';
import { type Ask, HostError } from '../channel.ts';
import { Icon, type IconName } from '../icon.tsx';
import { asBytes, rangeReader, readBlob } from '../media/bytes.ts';
import type { View } from '../view.ts';
import type { Span } from '../waveform/drag.ts';
import type { AudioFile, Waveform } from '../waveform/waveform.ts';
import { usePage } from './pageContext.ts';

interface WaveformPanelProps {
  readonly view: View;
  readonly row: DraftRow;
  readonly source: AssetSource;
  readonly info: AssetInfo & { readonly seconds: number };
  /** Undefined if the page can't play the format. */
  readonly mediaType: string | undefined;
}

/**
 * Shows and plays an audio file, and lets the user choose a clip from it. The waveform code is loaded on first use.
 */
export function WaveformPanel({ view, row, source, info, mediaType }: WaveformPanelProps) {
  const { store, actions } = usePage();
  const { text, message, clock } = view.formatter;
  const [, rerender] = useReducer<number, void>(count => count + 1, 0);
  const [isNear, setNear] = useState(false);
  const [waveform, setWaveform] = useState<Waveform>();
  const element = useRef<HTMLDivElement>(null);
  const timeline = useRef<HTMLDivElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { seconds } = info;
  const limit = view.clipLimit ?? seconds;
  const clip = clipOf(row, seconds);
  const setClip = (next: Span) =>
    store.editRow(row.id, before => {
      const current = clipOf(before, seconds);
      return {
        ...before,
        start: next.start === current.start ? before.start : formatSeconds(next.start),
        end: next.end === current.end ? before.end : formatSeconds(next.end),
      };
    });

  // The audio of rows far down the page isn't decoded until they're scrolled near the viewport.
  useLayoutEffect(() => {
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: '400px' },
    );
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let opened: Waveform | undefined;
    let isCurrent = isNear;
    const open = async () => {
      const { openWaveform } = await import('../waveform/waveform.ts');
      if (!isCurrent || !timeline.current) return;
      opened = openWaveform({
        timeline: timeline.current,
        audio: audio.current ?? undefined,
        video: video.current ?? undefined,
        file: audioFile(actions.ask, source, info, mediaType),
        clock,
        labels: { start: text('form.clipStart'), end: text('form.clipEnd') },
        onClip: setClip,
        onChange: () => rerender(),
      });
      setWaveform(opened);
    };
    if (isNear) void open();
    return () => {
      isCurrent = false;
      opened?.dispose();
    };
  }, [isNear]);
  useLayoutEffect(() => waveform?.update(clip, limit), [waveform, clip.start, clip.end, limit]);
  // Stops playback when the jobs replace the form, because the user could no longer stop it.
  useEffect(() => {
    if (!waveform || !element.current) return undefined;
    const observer = new IntersectionObserver(() => {
      if (!element.current?.checkVisibility()) waveform.pause();
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [waveform]);

  const playing = waveform?.playing;
  const silence = waveform?.findSilence();
  const type = info.extension.toUpperCase();
  const reason =
    waveform?.status === 'undecodable'
      ? text('form.noWaveform', { type })
      : waveform?.playError instanceof HostError
        ? message(waveform.playError.text)
        : waveform?.playError !== undefined && text('form.noPlayback', { type });
  return (
    <div class="wave" data-waveform={waveform?.status ?? 'waiting'} ref={element}>
      {info.kind === 'video' && mediaType !== undefined && (
        <video
          class="wave-frame"
          muted
          playsInline
          preload="auto"
          aria-hidden="true"
          hidden={!waveform?.hasFrames}
          ref={video}
        />
      )}
      <div
        class="wave-scroll"
        dir="ltr"
        data-player={mediaType === undefined ? undefined : ''}
        ref={timeline}
      />
      <div class="wave-tools">
        {mediaType !== undefined && (
          <div class="tools">
            <ToolButton
              icon={playing === 'clip' ? 'pause' : 'clip'}
              label={text('form.playClip')}
              pressed={playing === 'clip'}
              onClick={() => waveform?.toggle('clip')}
            />
            <ToolButton
              icon={playing === 'all' ? 'pause' : 'play'}
              label={text('form.playWhole')}
              pressed={playing === 'all'}
              onClick={() => waveform?.toggle('all')}
            />
            <ToolButton
              icon="loop"
              label={text('form.loop')}
              pressed={waveform?.isLooping === true}
              onClick={() => waveform?.toggleLoop()}
            />
            <span class="time readout" aria-hidden="true">
              {clock(waveform?.position ?? 0, 2)}
            </span>
          </div>
        )}
        {silence && (
          <button
            type="button"
            class="link"
            onClick={() => {
              setClip(silence.clip);
              timeline.current?.querySelector<HTMLElement>('.wave-edge')?.focus();
            }}
          >
            {text('form.trimSilence', { seconds: silence.seconds })}
          </button>
        )}
        <div class="tools zoom">
          <ToolButton
            icon="zoomOut"
            label={text('form.zoomOut')}
            disabled={!waveform || waveform.zoom <= 1}
            onClick={() => waveform?.zoomBy(0.5)}
          />
          <ToolButton
            icon="zoomIn"
            label={text('form.zoomIn')}
            disabled={!waveform || waveform.zoom >= waveform.maxZoom}
            onClick={() => waveform?.zoomBy(2)}
          />
          <ToolButton icon="fit" label={text('form.zoomToClip')} onClick={() => waveform?.zoomToClip()} />
        </div>
      </div>
      {reason && <div class="hint">{reason}</div>}
      {mediaType !== undefined && <audio preload="auto" hidden ref={audio} />}
    </div>
  );
}

function audioFile(
  ask: Ask,
  source: AssetSource,
  info: AssetInfo & { readonly seconds: number },
  mediaType = '',
): AudioFile {
  return {
    key: `${sourceKey(source)}\n${info.modified}\n${info.bytes}`,
    bytes: info.bytes,
    extension: info.extension,
    seconds: info.seconds,
    read: rangeReader(ask, source),
    readAll: () => readBlob(ask, source, info.bytes, mediaType),
    async cut(start, end) {
      const cut = await ask({ type: 'cutClip', source, start, end });
      return { blob: new Blob([asBytes(cut.bytes)], { type: cut.mediaType }), offset: cut.start };
    },
  };
}

/** The part of the typed clip that can be drawn. */
function clipOf(row: DraftRow, length: number): Span {
  const start = Math.min(length, parseSeconds(row.start) ?? 0);
  const end = Math.min(length, parseSeconds(row.end) ?? length);
  return { start, end: Math.max(start, end) };
}

interface ToolButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

const ToolButton = ({ icon, label, pressed, disabled, onClick }: ToolButtonProps) => (
  <button
    type="button"
    class="icon-button"
    title={label}
    aria-pressed={pressed}
    aria-disabled={disabled}
    onClick={disabled ? undefined : onClick}
  >
    <Icon name={icon} />
    <span class="visually-hidden">{label}</span>
  </button>
);
