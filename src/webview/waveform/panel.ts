import type { DraftRow } from '../../shared/draft.ts';
import { sourceKey } from '../../shared/protocol.ts';
import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';
import { HostRefusal } from '../channel.ts';
import { h, setAttribute, setOptionalText, setText } from '../dom.ts';
import { icon, type IconName, setIcon } from '../icons.ts';
import type { Page } from '../sections/part.ts';
import type { View } from '../view.ts';
import type { Span } from './drag.ts';
import type { Sketch } from './library.ts';
import { Player } from './player.ts';
import { Timeline } from './timeline.ts';

/** Silence shorter than this, in seconds, is not worth a word. */
const notableSilence = 0.3;
/** What is left of the silence when it is trimmed. */
const breath = 0.05;

interface Shown {
  readonly key: string;
  readonly sketch: Sketch;
  readonly player: Player | undefined;
  dispose(): void;
}

/** See and hear a recording, and choose the clip on it. */
export function wavePanel(page: Page, row: string) {
  const { words, store } = page;
  let shown: Shown | undefined;
  let span: Span = { start: 0, end: 0 };
  let trimmed: Span | undefined;
  let isNear = false;

  const setClip = (clip: Span) =>
    store.editRow(row, before => ({
      ...before,
      start: clip.start === span.start ? before.start : formatSeconds(clip.start),
      end: clip.end === span.end ? before.end : formatSeconds(clip.end),
    }));
  const toggle = (what: 'whole' | 'clip') => {
    const player = shown?.player;
    if (!player) return;
    if (player.playing === what) player.pause();
    else void player.play(what);
  };
  const timeline = new Timeline(words, {
    onClip: setClip,
    onSeek: seconds => shown?.player?.seek(seconds),
    onToggle: () => toggle('clip'),
    onSight: (from, to) => {
      if (to - from < 300 && shown?.sketch.peaks.loudest(from, to).known !== 2)
        shown?.sketch.refine(from, to);
    },
  });
  const playClip = tool('clip', words.text('form.playClip'), () => toggle('clip'));
  const playWhole = tool('play', words.text('form.playWhole'), () => toggle('whole'));
  const loop = tool('loop', words.text('form.loop'), () => {
    if (shown?.player) shown.player.loop = !shown.player.loop;
    showPlayer();
  });
  const readout = h('span', { class: 'time readout', 'aria-hidden': 'true' });
  const trim = h(
    'button',
    {
      type: 'button',
      class: 'link',
      hidden: true,
      onclick: () => {
        if (!trimmed) return;
        setClip(trimmed);
        timeline.element.querySelector<HTMLElement>('.wave-edge')?.focus();
      },
    },
    '',
  );
  const zoomBy = (factor: number) => {
    timeline.zoomTo(timeline.zoom * factor);
    showZoom();
  };
  const zoomOut = tool('zoomOut', words.text('form.zoomOut'), () => zoomBy(0.5));
  const zoomIn = tool('zoomIn', words.text('form.zoomIn'), () => zoomBy(2));
  const showClip = tool('fit', words.text('form.zoomToClip'), () => {
    timeline.showClip();
    showZoom();
  });
  const reason = h('div', { class: 'hint', hidden: true });
  const sound = h('div');
  const transport = h('div', { class: 'tools' }, playClip.button, playWhole.button, loop.button, readout);
  const element = h(
    'div',
    { class: 'wave', hidden: true },
    timeline.element,
    h(
      'div',
      { class: 'wave-tools' },
      transport,
      trim,
      h('div', { class: 'tools zoom' }, zoomOut.button, zoomIn.button, showClip.button),
    ),
    reason,
    sound,
  );
  timeline.element.addEventListener('wheel', () => requestAnimationFrame(showZoom), { passive: true });

  // Rows far down are not decoded before somebody comes near them.
  const nearness = new IntersectionObserver(
    entries => {
      isNear = entries.some(entry => entry.isIntersecting);
      // The form gave way to the progress: nothing goes on playing that cannot be stopped.
      if (!element.checkVisibility() && shown?.player?.playing) shown.player.pause();
      if (isNear)
        update(
          store.view,
          store.view.draft.rows.find(({ id }) => id === row),
        );
    },
    { rootMargin: '400px' },
  );
  nearness.observe(element);

  function showPlayer(): void {
    const player = shown?.player;
    transport.hidden = !player;
    timeline.showHead(player?.position ?? 0, player?.playing !== undefined);
    setAttribute(timeline.element, 'data-player', player !== undefined);
    setText(readout, player ? words.clock(player.position, 2) : '');
    playClip.show(player?.playing === 'clip' ? 'pause' : 'clip', player?.playing === 'clip');
    playWhole.show(player?.playing === 'whole' ? 'pause' : 'play', player?.playing === 'whole');
    loop.show('loop', player?.loop === true);
  }

  function showZoom(): void {
    setAttribute(zoomOut.button, 'aria-disabled', String(timeline.zoom <= 1));
    setAttribute(zoomIn.button, 'aria-disabled', String(timeline.zoom >= timeline.maxZoom));
  }

  function showSilence(length: number): void {
    const sound = shown && span.end > span.start && shown.sketch.peaks.withoutSilence(span.start, span.end);
    const from = sound ? Math.max(span.start, sound.from - breath) : span.start;
    const to = sound ? Math.min(span.end, length, sound.to + breath) : span.end;
    const before = from - span.start < notableSilence ? 0 : from - span.start;
    const after = span.end - to < notableSilence ? 0 : span.end - to;
    trimmed = {
      start: before > 0 ? Math.round(from * 100) / 100 : span.start,
      end: after > 0 ? Math.round(to * 100) / 100 : span.end,
    };
    trim.hidden = before + after === 0;
    setText(trim, words.text('form.trimSilence', { seconds: Math.round((before + after) * 100) / 100 }));
  }

  function update(view: View, current: DraftRow | undefined): void {
    const source = view.tool.clip && current?.inputs[view.tool.clip.input];
    const asset = view.asset(source);
    const info = asset?.status === 'ready' ? asset.info : undefined;
    const seconds = info?.seconds;
    element.hidden = seconds === undefined;
    if (!source || !current || asset?.status !== 'ready' || !info || seconds === undefined) {
      shown?.dispose();
      shown = undefined;
      return;
    }
    span = spanOf(current, seconds);
    const key = [sourceKey(source), info.modified, info.bytes].join('\n');
    if (shown?.key !== key && isNear) {
      shown?.dispose();
      const opened = page.sketches.open(source, { ...info, seconds }, () => showSketch());
      const player =
        asset.mediaType === undefined
          ? undefined
          : new Player(page.actions.ask, source, info, asset.mediaType, span, {
              onChange: () => showPlayer(),
              onRefusal: error =>
                setOptionalText(
                  reason,
                  error instanceof HostRefusal
                    ? words.message(error.text)
                    : words.text('form.noPlayback', { type: info.extension.toUpperCase() }),
                ),
            });
      shown = {
        key,
        sketch: opened.sketch,
        player,
        dispose() {
          opened.close();
          player?.dispose();
        },
      };
      sound.replaceChildren(...(player ? [player.audio] : []));
      setOptionalText(reason, undefined);
    }
    if (shown?.player) shown.player.clip = span;
    showSketch();
    showPlayer();
    showZoom();

    function showSketch(): void {
      const now = store.view;
      timeline.update({
        clip: span,
        length: seconds ?? 1,
        limit: now.clipLimit ?? seconds ?? 1,
        peaks: shown?.sketch.status === 'impossible' ? undefined : shown?.sketch.peaks,
      });
      showSilence(seconds ?? 1);
      setAttribute(element, 'data-sketch', shown?.sketch.status ?? 'waiting');
      if (shown?.sketch.status === 'impossible')
        setOptionalText(reason, words.text('form.noWaveform', { type: info?.extension.toUpperCase() ?? '' }));
    }
  }

  return {
    element,
    update,
    dispose() {
      nearness.disconnect();
      shown?.dispose();
      shown = undefined;
      timeline.dispose();
    },
  };
}

/** The typed clip, as far as it can be drawn. */
function spanOf(row: DraftRow, length: number): Span {
  const start = Math.min(length, parseSeconds(row.start) ?? 0);
  const end = Math.min(length, parseSeconds(row.end) ?? length);
  return { start, end: Math.max(start, end) };
}

function tool(name: IconName, label: string, act: () => void) {
  const sign = icon(name);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: label,
      onclick: () => {
        if (button.ariaDisabled !== 'true') act();
      },
    },
    sign,
    h('span', { class: 'unseen' }, label),
  );
  return {
    button,
    show(now: IconName, isOn: boolean) {
      setIcon(sign, now);
      setAttribute(button, 'aria-pressed', String(isOn));
    },
  };
}
