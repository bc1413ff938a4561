import { describe, h, newId, setAttribute, setOptionalText } from '../dom.ts';
import { icon } from '../icons.ts';

/** Label, hint, control and mistake of one field, tied together for those who hear the page. */
export interface FieldFrame {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  /** Below the control, such as the consequences of a choice. */
  readonly note: HTMLElement;
  /** Where the mistake stands; may be moved to a wider place. */
  readonly problem: HTMLElement;
  showProblem(text: string | undefined): void;
}

export function fieldFrame(
  labelText: string,
  hintText: string | undefined,
  control: HTMLElement,
  options: { readonly class?: string; readonly around?: HTMLElement } = {},
): FieldFrame {
  control.id ||= newId('control');
  const label = h('label', { for: control.id, id: newId('label'), class: 'label' }, labelText);
  const hint = h('div', { class: 'hint', id: newId('hint') }, hintText);
  hint.hidden = !hintText;
  const note = h('div', { class: 'note', id: newId('note'), hidden: true });
  const problem = problemLine();
  describe(control, hint);
  return {
    element: h(
      'div',
      { class: `field ${options.class ?? ''}` },
      label,
      hint,
      options.around ?? control,
      note,
      problem.element,
    ),
    label,
    note,
    problem: problem.element,
    showProblem(text) {
      problem.show(text);
      setAttribute(control, 'aria-invalid', text ? 'true' : undefined);
      setAttribute(control, 'data-problem', text !== undefined);
      describe(control, hint, note, problem.element);
    },
  };
}

export interface ProblemLine {
  readonly element: HTMLElement;
  show(text: string | undefined): void;
}

/** A mistake in words. An icon stands before it, so that colour is not all that tells it. */
export function problemLine(): ProblemLine {
  const text = h('span');
  const element = h('div', { class: 'problem', id: newId('problem'), hidden: true }, icon('error'), text);
  return {
    element,
    show(message) {
      setOptionalText(text, message);
      element.hidden = !message;
    },
  };
}
