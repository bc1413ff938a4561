import { Fragment } from 'preact';
import type { AssetSource } from '../../shared/asset.ts';
import type { AssetView, FormJob, ResultView } from '../../shared/protocol.ts';
import type { AssetKind } from '../../tools/tool.ts';
import { Icon } from '../icon.tsx';
import { nameOf } from '../media/fileText.ts';
import type { View } from '../view.ts';
import { useThumbnail } from './useThumbnail.ts';

interface PreviewProps {
  readonly kind: AssetKind;
  readonly source: AssetSource | undefined;
  readonly asset: AssetView | undefined;
}

/** The thumbnail of an image, or an icon. */
export function Preview({ kind, source, asset }: PreviewProps) {
  const thumbnail = useThumbnail(source, asset);
  const hasSize = Boolean(thumbnail?.width && thumbnail.height);
  if (!thumbnail || !(thumbnail.url || hasSize))
    return (
      <span class="sign">
        <Icon name={kind} />
      </span>
    );
  // Reserves space for the image while it loads, so that nothing below it moves.
  return (
    <img
      key={thumbnail.key}
      alt=""
      draggable={false}
      src={thumbnail.url}
      style={{
        '--ratio': `${thumbnail.width ?? 1} / ${thumbnail.height ?? 1}`,
        '--height': `${thumbnail.height ?? 160}px`,
      }}
    />
  );
}

/** A job's inputs: the first image or video, and the names and clips of audio and clipped files. */
export function JobInputs({ view, job }: { readonly view: View; readonly job: FormJob }) {
  const { clock } = view.formatter;
  const firstVisible = view.tool.inputs.findIndex(({ id, accepts }) => accepts !== 'audio' && job.inputs[id]);
  return (
    <div class="job-inputs">
      {view.tool.inputs.map(({ id, accepts }, index) => {
        const source = job.inputs[id];
        if (!source || (accepts !== 'audio' && index !== firstVisible)) return null;
        const asset = view.asset(source);
        const clip = view.tool.clip?.input === id ? job.clip : undefined;
        const hasName = accepts === 'audio' || clip;
        return (
          <Fragment key={id}>
            {accepts !== 'audio' && <Preview kind={accepts} source={source} asset={asset} />}
            {hasName && (
              <div class="job-clip">
                <Icon name={accepts} />
                <span dir="auto">{asset?.name ?? nameOf(source)}</span>
                {clip && (
                  <span class="time">
                    {clock(clip.start, 2)} – {clock(clip.end, 2)}
                  </span>
                )}
              </div>
            )}
          </Fragment>
        );
      })}
    </div>
  );
}

/** A job in a grid: its result, or else its input. */
export function TilePreview({ view, job, result }: TilePreviewProps) {
  const input = view.tool.inputs.find(({ id, accepts }) => accepts !== 'audio' && job.inputs[id]);
  const source = input && job.inputs[input.id];
  return result ? (
    <Preview kind={result.kind} source={result.source} asset={assetOf(result)} />
  ) : (
    <Preview kind={input?.accepts ?? view.tool.project} source={source} asset={view.asset(source)} />
  );
}

interface TilePreviewProps {
  readonly view: View;
  readonly job: FormJob;
  readonly result: ResultView | undefined;
}

const assetOf = ({ name, bytes, mediaType, kind }: ResultView): AssetView => ({
  status: 'ready',
  name,
  mediaType,
  info: { kind, extension: '', bytes, modified: 0 },
});
