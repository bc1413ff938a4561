import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FormJob } from '../../shared/protocol.ts';
import { Icon } from '../icon.tsx';
import { asBytes } from '../media/bytes.ts';
import { decodesNoSound, playsAac } from '../media/sound.ts';
import { syncAudio } from '../media/syncAudio.ts';
import type { View } from '../view.ts';
import { type Page, usePage } from './pageContext.ts';

interface VideoProps {
  readonly view: View;
  readonly job: FormJob;
  readonly url: string;
}

/**
 * The result video. VS Code's build of Chromium can't decode AAC, so the video itself is silent there. The uploaded
 * clip then plays in sync with the video, and a note says so.
 */
export function Video({ view, job, url }: VideoProps) {
  const page = usePage();
  const { text } = view.formatter;
  const video = useRef<HTMLVideoElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  // Videos from the GIF generator have no sound.
  const hasSound = view.tool.project === 'video';
  const [needsSound, setNeedsSound] = useState(() => hasSound && !playsAac());
  const [sound, setSound] = useState<'none' | 'clip'>();
  const [isMuted, setMuted] = useState(false);

  useLayoutEffect(() => {
    if (!needsSound) return undefined;
    const stop = new AbortController();
    void addSound(page, view, job, video.current, audio.current, stop.signal).then(
      () => stop.signal.aborted || setSound('clip'),
      () => stop.signal.aborted || setSound('none'),
    );
    return () => stop.abort();
  }, [needsSound]);

  return (
    <div class="video">
      <video
        src={url}
        controls
        playsInline
        preload="metadata"
        aria-label={text('form.resultAlt')}
        ref={video}
        onTimeUpdate={({ currentTarget }) => {
          if (hasSound && currentTarget.currentTime > 0.5 && decodesNoSound(currentTarget))
            setNeedsSound(true);
        }}
      />
      <div class="note" role="status">
        {sound && text(sound === 'clip' ? 'form.soundOfClip' : 'form.noSound')}
      </div>
      {needsSound && <audio preload="auto" hidden muted={isMuted} ref={audio} />}
      {sound === 'clip' && (
        <button type="button" class="secondary" onClick={() => setMuted(!isMuted)}>
          <Icon name={isMuted ? 'silent' : 'sound'} />
          <span>{text(isMuted ? 'form.soundOn' : 'form.soundOff')}</span>
        </button>
      )}
    </div>
  );
}

/** Plays the uploaded clip along with the video. @throws if there's no playable clip. */
async function addSound(
  { actions }: Page,
  { tool }: View,
  { inputs, clip }: FormJob,
  video: HTMLVideoElement | null,
  audio: HTMLAudioElement | null,
  signal: AbortSignal,
): Promise<void> {
  const source = tool.clip && inputs[tool.clip.input];
  if (!source || !clip || !video || !audio) throw new Error('no clip');
  const cut = await actions.ask({ type: 'cutClip', source, start: clip.start, end: clip.end });
  signal.throwIfAborted();
  const url = URL.createObjectURL(new Blob([asBytes(cut.bytes)], { type: cut.mediaType }));
  signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
  await new Promise<void>((resolve, reject) => {
    audio.addEventListener('loadedmetadata', () => resolve(), { once: true });
    audio.addEventListener('error', () => reject(new Error('cannot be played')), { once: true });
    audio.src = url;
  });
  syncAudio(video, audio, clip.start - cut.start, signal);
}
