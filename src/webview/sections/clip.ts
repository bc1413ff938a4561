import type { DraftRow } from '../../shared/draft.ts';
import { formatSeconds, parseSeconds } from '../../shared/seconds.ts';
import { h, setAttribute, setOptionalText, setText, setValue } from '../dom.ts';
import { shortenClip } from '../prefill.ts';
import type { View } from '../view.ts';
import { wavePanel } from '../waveform/panel.ts';
import { fieldFrame } from './field.ts';
import type { Page } from './part.ts';

export interface ClipPart {
  readonly element: HTMLElement;
  update(view: View, row: DraftRow): void;
  dispose(): void;
}

/** Start and End of a row, and what they make: the clip's length and how much of it the mode takes. */
export function clipPart(page: Page, row: string): ClipPart {
  const { words, store } = page;
  const start = secondsField(page, row, 'start');
  const end = secondsField(page, row, 'end');
  const wave = wavePanel(page, row);
  const length = h('span', { class: 'clip-length' });
  const shorten = h(
    'button',
    {
      type: 'button',
      class: 'secondary',
      hidden: true,
      onclick: () => {
        const { clipLimit, tool } = store.view;
        store.editRow(row, before => {
          const source = tool.clip && before.inputs[tool.clip.input];
          const asset = store.view.asset(source);
          const seconds = asset?.status === 'ready' ? asset.info?.seconds : undefined;
          return shortenClip(before, clipLimit ?? Number.POSITIVE_INFINITY, seconds);
        });
        end.control.focus();
      },
    },
    '',
  );
  const element = h(
    'div',
    { class: 'clip' },
    wave.element,
    h('div', { class: 'clip-fields' }, start.element, end.element, h('div', { class: 'clip-sum' }, length)),
    start.problem,
    end.problem,
    shorten,
  );
  return {
    element,
    update(view, current) {
      start.update(view, current);
      end.update(view, current);
      wave.update(view, current);
      const from = parseSeconds(current.start);
      const to = parseSeconds(current.end);
      setOptionalText(
        length,
        from !== undefined && to !== undefined && to > from && view.clipLimit !== undefined
          ? words.text('form.clipOf', {
              length: words.clock(to - from, 2),
              limit: words.clock(view.clipLimit),
            })
          : undefined,
      );
      const mistake = view.hiddenProblem('end', row)?.key ?? view.hiddenProblem('start', row)?.key;
      shorten.hidden = !mistake || !shortenable.has(mistake);
      setText(
        shorten,
        mistake === 'form.clipTooLong'
          ? words.text('form.shorten', { limit: view.clipLimit ?? 0 })
          : words.text('form.fitClip'),
      );
    },
    dispose: () => wave.dispose(),
  };
}

const shortenable = new Set<string>(['form.clipTooLong', 'form.endBeyondAudio', 'form.startBeyondAudio']);

/** Seconds or minutes and seconds. Up and Down change it by a tenth, with Shift by a second. */
function secondsField(page: Page, row: string, edge: 'start' | 'end') {
  const { words, store } = page;
  const control = h('input', {
    type: 'text',
    role: 'spinbutton',
    inputmode: 'decimal',
    autocomplete: 'off',
    class: 'seconds',
    'aria-valuemin': '0',
    'aria-required': 'true',
  });
  const frame = fieldFrame(words.text(edge === 'start' ? 'field.start' : 'field.end'), undefined, control);
  control.addEventListener('input', () =>
    store.editRow(row, before => ({ ...before, [edge]: control.value })),
  );
  control.addEventListener('focus', () => store.enter(edge, row));
  control.addEventListener('blur', () => store.leave(edge, row));
  control.addEventListener('keydown', event => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    store.editRow(row, before => ({
      ...before,
      [edge]: nudge(
        before[edge],
        direction * (event.shiftKey ? 1 : 0.1),
        Number(control.ariaValueMax ?? 'Infinity'),
      ),
    }));
  });
  return {
    element: frame.element,
    problem: frame.problem,
    control,
    update(view: View, current: DraftRow) {
      setValue(control, current[edge]);
      const source = view.tool.clip && current.inputs[view.tool.clip.input];
      const asset = view.asset(source);
      const seconds = asset?.status === 'ready' ? asset.info?.seconds : undefined;
      setAttribute(control, 'aria-valuemax', seconds === undefined ? undefined : formatSeconds(seconds));
      setAttribute(control, 'aria-valuenow', parseSeconds(current[edge]));
      setAttribute(control, 'aria-valuetext', current[edge] || undefined);
      const problem = view.problem(edge, row);
      frame.showProblem(problem && words.message(problem));
    },
  };
}

/** The typed time moved by some seconds, within 0 and the recording's length. */
export function nudge(text: string, by: number, length: number): string {
  const moved = Math.min(length, Math.max(0, (parseSeconds(text) ?? 0) + by));
  return formatSeconds(Math.round(moved * 100) / 100);
}
