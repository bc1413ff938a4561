import { useId, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { AssetInfo } from '../../shared/asset.ts';
import type { DraftRow } from '../../shared/draft.ts';
import { sourceKey } from '../../shared/protocol.ts';
import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';
import { shortenClip } from '../prefill.ts';
import type { View } from '../view.ts';
import { nudge } from '../waveform/nudge.ts';
import { controlAttributes, Field, Problem } from './field.tsx';
import { usePage } from './pageContext.ts';
import { WaveformPanel } from './waveform.tsx';

const shortenable = new Set<string>(['form.clipTooLong', 'form.endBeyondAudio', 'form.startBeyondAudio']);

/** A row's Start and End fields, the clip's length, and the mode's limit for it. */
export function Clip({ view, row }: { readonly view: View; readonly row: DraftRow }) {
  const { store } = usePage();
  const { text, message, clock } = view.formatter;
  const startId = useId();
  const endId = useId();
  const endInput = useRef<HTMLInputElement>(null);
  const source = view.tool.clip && row.inputs[view.tool.clip.input];
  const asset = view.asset(source);
  const info = asset?.status === 'ready' ? asset.info : undefined;
  const start = parseSeconds(row.start);
  const end = parseSeconds(row.end);
  const isClip = start !== undefined && end !== undefined && end > start && view.clipLimit !== undefined;
  const problem = view.anyProblem('end', row.id)?.key ?? view.anyProblem('start', row.id)?.key;
  const problemAt = (edge: 'start' | 'end') => {
    const found = view.problem(edge, row.id);
    return found && message(found);
  };
  const field = { view, row, length: info?.seconds };
  return (
    <div class="clip">
      {source && asset?.status === 'ready' && hasLength(info) && (
        <WaveformPanel
          key={`${sourceKey(source)} ${info.modified} ${info.bytes}`}
          view={view}
          row={row}
          source={source}
          info={info}
          mediaType={asset.mediaType}
        />
      )}
      <div class="clip-fields">
        <SecondsField {...field} id={startId} edge="start" problem={problemAt('start')} />
        <SecondsField {...field} id={endId} edge="end" problem={problemAt('end')} input={endInput} />
        <div class="clip-sum">
          {isClip && (
            <span class="clip-length">
              {text('form.clipOf', { length: clock(end - start, 2), limit: clock(view.clipLimit) })}
            </span>
          )}
        </div>
      </div>
      <Problem id={`${startId}-problem`} text={problemAt('start')} />
      <Problem id={`${endId}-problem`} text={problemAt('end')} />
      {problem && shortenable.has(problem) && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            const limit = view.clipLimit ?? Number.POSITIVE_INFINITY;
            store.editRow(row.id, before => shortenClip(before, limit, info?.seconds));
            endInput.current?.focus();
          }}
        >
          {problem === 'form.clipTooLong'
            ? text('form.shorten', { limit: view.clipLimit ?? 0 })
            : text('form.fitClip')}
        </button>
      )}
    </div>
  );
}

const hasLength = (info: AssetInfo | undefined): info is AssetInfo & { readonly seconds: number } =>
  info?.seconds !== undefined;

interface SecondsFieldProps {
  readonly id: string;
  readonly edge: 'start' | 'end';
  readonly view: View;
  readonly row: DraftRow;
  /** Length of the audio, in seconds. */
  readonly length: number | undefined;
  readonly problem: string | undefined;
  readonly input?: RefObject<HTMLInputElement | null>;
}

/** Accepts seconds, or minutes and seconds. Up and Down change the time by 0.1 seconds, or by 1 second with Shift. */
function SecondsField({ id, edge, view, row, length, problem, input }: SecondsFieldProps) {
  const { store } = usePage();
  const value = row[edge];
  const label = view.formatter.text(edge === 'start' ? 'field.start' : 'field.end');
  const text = { label, problem };
  const set = (change: (before: string) => string) =>
    store.editRow(row.id, before => ({ ...before, [edge]: change(before[edge]) }));
  return (
    <Field id={id} text={text} problemElsewhere>
      <input
        {...controlAttributes(id, text)}
        type="text"
        role="spinbutton"
        inputMode="decimal"
        autocomplete="off"
        class="seconds"
        ref={input}
        aria-required="true"
        aria-valuemin={0}
        aria-valuemax={length === undefined ? undefined : Number(formatSeconds(length))}
        aria-valuenow={parseSeconds(value)}
        aria-valuetext={value || undefined}
        value={value}
        onInput={({ currentTarget }) => set(() => currentTarget.value)}
        onFocus={() => store.controlFocused(edge, row.id)}
        onBlur={() => store.controlBlurred(edge, row.id)}
        onKeyDown={event => {
          const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
          if (direction === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          const max = length === undefined ? Number.POSITIVE_INFINITY : Number(formatSeconds(length));
          set(before => nudge(before, direction * (event.shiftKey ? 1 : 0.1), max));
        }}
      />
    </Field>
  );
}
