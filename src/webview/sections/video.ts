import type { FormJob } from '../../shared/protocol.ts';
import { toolOf } from '../../tools/index.ts';
import { h, setText } from '../dom.ts';
import { icon, setIcon } from '../icons.ts';
import { asBytes } from '../media/bytes.ts';
import { decodesNoSound, playsAac } from '../media/sound.ts';
import { followVideo } from '../media/companion.ts';
import type { Page } from './part.ts';

/**
 * The result video. VS Code's own build decodes no AAC, so there the video is mute: then the clip that was
 * uploaded plays in step with it, and the page says so.
 */
export function videoPart(page: Page, job: FormJob, url: string, signal: AbortSignal): HTMLElement {
  const { words } = page;
  const video = h('video', { src: url, controls: true, playsinline: true, preload: 'metadata' });
  video.setAttribute('aria-label', words.text('form.resultAlt'));
  const note = h('div', { class: 'note', role: 'status' });
  const element = h('div', { class: 'video' }, video, note);
  signal.addEventListener('abort', () => video.pause(), { once: true });
  let helped = false;
  const help = () => {
    if (helped) return;
    helped = true;
    void addSound(page, job, video, element, note, signal);
  };
  if (!playsAac()) help();
  else
    video.addEventListener('timeupdate', () => {
      if (video.currentTime > 0.5 && decodesNoSound(video)) help();
    });
  return element;
}

async function addSound(
  page: Page,
  job: FormJob,
  video: HTMLVideoElement,
  element: HTMLElement,
  note: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const { words, actions, store } = page;
  const input = toolOf(store.view.draft.tool).clip?.input;
  const source = input === undefined ? undefined : job.inputs[input];
  const { clip } = job;
  try {
    if (!source || !clip) throw new Error('no clip');
    const cut = await actions.ask({ type: 'cutClip', source, start: clip.start, end: clip.end });
    if (signal.aborted) return;
    const sound = URL.createObjectURL(new Blob([asBytes(cut.bytes)], { type: cut.mediaType }));
    signal.addEventListener('abort', () => URL.revokeObjectURL(sound), { once: true });
    const audio = h('audio', { src: sound, preload: 'auto', hidden: true });
    await new Promise<void>((resolve, reject) => {
      audio.addEventListener('loadedmetadata', () => resolve(), { once: true });
      audio.addEventListener('error', () => reject(new Error('cannot be played')), { once: true });
    });
    followVideo(video, audio, clip.start - cut.start, signal);
    element.append(audio, soundButton(page, audio));
    setText(note, words.text('form.soundOfClip'));
  } catch {
    if (!signal.aborted) setText(note, words.text('form.noSound'));
  }
}

function soundButton(page: Page, audio: HTMLAudioElement): HTMLButtonElement {
  const sign = icon('sound');
  const label = h('span');
  const show = () => {
    setIcon(sign, audio.muted ? 'silent' : 'sound');
    setText(label, page.words.text(audio.muted ? 'form.soundOn' : 'form.soundOff'));
  };
  show();
  return h(
    'button',
    {
      type: 'button',
      class: 'secondary',
      onclick: () => {
        audio.muted = !audio.muted;
        show();
      },
    },
    sign,
    label,
  );
}
