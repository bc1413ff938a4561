import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobAction } from '../../shared/jobAction.ts';
import type { FormJob, ResultView } from '../../shared/protocol.ts';
import { readBlob } from '../media/bytes.ts';
import type { View } from '../view.ts';
import { Compare } from './compare.tsx';
import { usePage } from './pageContext.ts';
import { useThumbnail } from './useThumbnail.ts';
import { Video } from './video.tsx';

/** The actions for a saved file, in display order. */
const resultActions: readonly JobAction[] = [
  'open',
  'reveal',
  'copyPath',
  'copyMarkdown',
  'useIn',
  'openExternal',
];

interface ResultProps {
  readonly view: View;
  readonly job: FormJob;
  /** Index of the result within the job. */
  readonly index: number;
  readonly result: ResultView;
  /** More buttons, shown after the result's own. */
  readonly children?: ComponentChildren;
}

/** A saved file, as large as fits, and the actions for it. */
export function Result({ view, job, index, result, children }: ResultProps) {
  const { actions } = usePage();
  const { text } = view.formatter;
  const [isCopied, setCopied] = useState(false);
  const [isOriginalShown, setOriginalShown] = useState(false);
  const input = view.tool.inputs.find(({ accepts }) => accepts === 'image');
  const source = input && job.inputs[input.id];
  const original = useThumbnail(result.kind === 'image' ? source : undefined, view.asset(source));
  const isComparable = view.tool.keepsImage === true;
  const charged = chargedText(view, job);
  const run = async (action: JobAction) => {
    const hasSucceeded = await actions.job(job.id, action, index);
    setCopied(hasSucceeded && (action === 'copyPath' || action === 'copyMarkdown'));
  };
  return (
    <div class="result">
      <div class="result-stage">
        <Stage
          key={JSON.stringify([result.source, result.bytes])}
          view={view}
          job={job}
          result={result}
          original={original}
          isOriginalShown={isOriginalShown}
        />
      </div>
      <div class="result-foot">
        <span class="file-name" dir="auto">
          {result.name}
        </span>
        {charged && <span class="charged">{charged}</span>}
        {original?.url && !isComparable && (
          <button
            type="button"
            class="link"
            aria-pressed={isOriginalShown}
            onClick={() => setOriginalShown(!isOriginalShown)}
          >
            {text('form.showOriginal')}
          </button>
        )}
      </div>
      <div class="job-actions">
        {resultActions
          .filter(action => job.actions.includes(action))
          .map((action, position) => (
            <button
              key={action}
              type="button"
              class={position === 0 ? 'primary' : 'secondary'}
              onClick={() => void run(action)}
            >
              {text(`action.${action}`)}
            </button>
          ))}
        {children}
        <span class="hint" role="status">
          {isCopied && text('form.copied')}
        </span>
      </div>
    </div>
  );
}

interface StageProps extends Pick<ResultProps, 'view' | 'job' | 'result'> {
  readonly original: ReturnType<typeof useThumbnail>;
  readonly isOriginalShown: boolean;
}

function Stage({ view, job, result, original, isOriginalShown }: StageProps) {
  const { actions } = usePage();
  const { text } = view.formatter;
  const [url, setUrl] = useState<string>();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let created: string | undefined;
    readBlob(actions.ask, result.source, result.bytes, result.mediaType, stop.signal).then(
      blob => {
        if (stop.signal.aborted) return;
        // An empty result means that the file was moved or deleted.
        if (blob.size === 0) setFailed(true);
        else setUrl((created = URL.createObjectURL(blob)));
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
  // Waits for the original, so that both images and the slider appear together.
  if (view.tool.keepsImage && original)
    return original.url ? <Compare view={view} after={url} before={original.url} /> : null;
  return isOriginalShown && original?.url ? (
    <img class="picture" src={original.url} alt={text('form.originalAlt')} draggable={false} />
  ) : (
    <img class="picture" src={url} alt={text('form.resultAlt')} draggable={false} />
  );
}

function chargedText({ formatter: { text } }: View, job: FormJob): string | undefined {
  if (job.charged === undefined) return undefined;
  return job.charged === job.estimate
    ? text('form.charged', { credits: job.charged })
    : text('form.chargedInstead', { credits: job.charged, estimate: job.estimate });
}
