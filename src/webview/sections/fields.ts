import type { ChoiceField, Field, NumberField } from '../../tools/tool.ts';
import { describe, h, setAttribute, setOptionalText, setValue } from '../dom.ts';
import type { View } from '../view.ts';
import { fieldFrame } from './field.ts';
import type { Page } from './part.ts';

interface Part {
  readonly element: HTMLElement;
  update(view: View): void;
}

/** The options of a tool, made from its definition. They are for all rows. */
export function fieldsSection(page: Page): Part {
  const parts = page.store.view.tool.fields.map(field => fieldPart(page, field));
  return {
    element: h('div', { class: 'fields' }, ...parts.map(part => part.element)),
    update: view => {
      for (const part of parts) part.update(view);
    },
  };
}

function fieldPart(page: Page, field: Field): Part {
  if (field.type === 'choice') return choicePart(page, field);
  const control =
    field.type === 'multiline'
      ? h('textarea', { rows: 3, spellcheck: 'true' })
      : h('input', {
          type: 'text',
          autocomplete: 'off',
          ...(field.type === 'number' && {
            inputmode: field.decimals > 0 ? 'decimal' : 'numeric',
            class: 'short',
          }),
        });
  listen(page, field, control);
  const chips = field.type === 'number' ? suggestionChips(page, field) : undefined;
  const frame = fieldFrame(
    page.words.text(field.label),
    field.hint && page.words.text(field.hint),
    control,
    chips && { around: h('div', { class: 'with-chips' }, control, chips.element) },
  );
  if (chips) for (const chip of chips.buttons) describe(chip, frame.label);
  return {
    element: frame.element,
    update(view) {
      const typed = view.draft.values[field.id] ?? '';
      frame.element.hidden = field.offered?.(view.checked.values) === false;
      setValue(control, typed);
      chips?.update(typed);
      const problem = view.problem(field.id);
      frame.showProblem(problem && view.words.message(problem));
    },
  };
}

function listen(
  page: Page,
  field: Field,
  control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
) {
  control.addEventListener('input', () => page.store.setValue(field.id, control.value));
  control.addEventListener('focus', () => page.store.enter(field.id));
  control.addEventListener('blur', () => page.store.leave(field.id));
}

/** Usual values beside a number, to press instead of type. */
function suggestionChips(page: Page, field: NumberField) {
  if (!field.suggestions?.length) return undefined;
  const buttons = field.suggestions.map(value =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        onclick: () => {
          const text = String(value);
          page.store.setValue(field.id, page.store.view.draft.values[field.id] === text ? '' : text);
        },
      },
      page.words.plain(value),
    ),
  );
  return {
    buttons,
    element: h('div', { class: 'chips' }, ...buttons),
    update(typed: string) {
      buttons.forEach((button, index) =>
        setAttribute(button, 'aria-pressed', String(typed.trim() === String(field.suggestions?.[index]))),
      );
    },
  };
}

/** A choice says what it changes: the longest clip and the price. */
function choicePart(page: Page, field: ChoiceField): Part {
  const control = h(
    'select',
    {},
    ...field.choices.map(({ value, label }) => h('option', { value }, page.words.text(label))),
  );
  const frame = fieldFrame(page.words.text(field.label), field.hint && page.words.text(field.hint), control);
  let change: string | undefined;
  control.addEventListener('input', () => {
    const before = page.store.view;
    page.store.setValue(field.id, control.value);
    change = consequences(before, page.store.view);
    setOptionalText(frame.note, change);
    if (change) page.announce(change);
  });
  control.addEventListener('focus', () => page.store.enter(field.id));
  control.addEventListener('blur', () => page.store.leave(field.id));
  return {
    element: frame.element,
    update(view) {
      frame.element.hidden = field.offered?.(view.checked.values) === false;
      setValue(control, view.draft.values[field.id] || field.default);
      setOptionalText(frame.note, change);
      const problem = view.problem(field.id);
      frame.showProblem(problem && view.words.message(problem));
    },
  };
}

function consequences(before: View, after: View): string | undefined {
  const { words } = after;
  const said: string[] = [];
  if (after.clipLimit !== undefined && after.clipLimit !== before.clipLimit)
    said.push(words.text('form.limitNow', { limit: after.clipLimit, before: before.clipLimit ?? 0 }));
  if (after.checked.price.credits !== before.checked.price.credits)
    said.push(
      words.text('form.priceNow', {
        price: words.price(after.checked.price),
        before: words.price(before.checked.price),
      }),
    );
  return said.length > 0 ? said.join(' ') : undefined;
}
