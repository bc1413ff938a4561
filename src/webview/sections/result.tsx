import { useEffect, useState } from 'preact/hooks';
import type { FormJob, ResultView } from '../../shared/protocol.ts';
import { readBlob } from '../media/bytes.ts';
import type { View } from '../view.ts';
import { Compare } from './compare.tsx';
import { usePage } from './pageContext.ts';
import { useThumbnail } from './useThumbnail.ts';
import { Video } from './video.tsx';

interface ResultProps {
  readonly view: View;
  readonly job: FormJob;
  readonly index: number;
  readonly result: ResultView;
}

/** A saved file: shown here, opened elsewhere. */
export function Result({ view, job, index, result }: ResultProps) {
  const { actions } = usePage();
  const { text } = view.formatter;
  const button = (
    label: 'form.open' | 'form.reveal' | 'form.openExternal',
    action: 'open' | 'reveal' | 'openExternal',
  ) => (
    <button type="button" class="secondary" onClick={() => void actions.job(job.id, action, index)}>
      {text(label)}
    </button>
  );
  return (
    <div class="result">
      <div class="result-stage">
        <Stage key={JSON.stringify([result.source, result.bytes])} view={view} job={job} result={result} />
      </div>
      <div class="result-foot">
        <span class="file-name" dir="auto">
          {result.name}
        </span>
        <div class="job-actions">
          {button('form.open', 'open')}
          {button('form.reveal', 'reveal')}
          {button('form.openExternal', 'openExternal')}
        </div>
      </div>
    </div>
  );
}

function Stage({ view, job, result }: Omit<ResultProps, 'index'>) {
  const { actions } = usePage();
  const { text } = view.formatter;
  const [url, setUrl] = useState<string>();
  const [isFailed, setFailed] = useState(false);
  const input = view.tool.inputs.find(({ accepts }) => accepts === 'image');
  const source = input && job.inputs[input.id];
  const original = useThumbnail(result.kind === 'image' ? source : undefined, view.asset(source));
  useEffect(() => {
    const stop = new AbortController();
    let created: string | undefined;
    readBlob(actions.ask, result.source, result.bytes, result.mediaType, stop.signal).then(
      blob => {
        if (!stop.signal.aborted) setUrl((created = URL.createObjectURL(blob)));
      },
      () => stop.signal.aborted || setFailed(true),
    );
    return () => {
      stop.abort();
      if (created) URL.revokeObjectURL(created);
    };
  }, []);
  if (isFailed) return <p class="note">{text('form.noResultPreview')}</p>;
  if (!url) return null;
  if (result.kind === 'video') return <Video view={view} job={job} url={url} />;
  // The slider comes with the original, not before.
  if (original && !original.url) return null;
  return <Compare view={view} after={url} before={original?.url} />;
}
