import { useId, useState } from 'preact/hooks';
import type { ChoiceField, Field as ToolField, NumberField } from '../../tools/tool.ts';
import type { View } from '../view.ts';
import { controlAttributes, Field, type FieldText } from './field.tsx';
import { type Page, usePage } from './pageContext.ts';

/** The options of a tool, from its definition. They apply to all rows. */
export function Fields({ view }: { readonly view: View }) {
  return (
    <div class="fields">
      {view.tool.fields
        .filter(field => field.offered?.(view.checked.values) !== false)
        .map(field =>
          field.type === 'choice' ? (
            <Choice key={field.id} view={view} field={field} />
          ) : (
            <Text key={field.id} view={view} field={field} />
          ),
        )}
    </div>
  );
}

function textOf(view: View, field: ToolField, note?: string): FieldText {
  const { text, message } = view.formatter;
  const problem = view.problem(field.id);
  return {
    label: text(field.label),
    hint: field.hint && text(field.hint),
    note,
    problem: problem && message(problem),
  };
}

const focusEvents = ({ store }: Page, field: ToolField) => ({
  onFocus: () => store.controlFocused(field.id),
  onBlur: () => store.controlBlurred(field.id),
});

function Text({ view, field }: { readonly view: View; readonly field: Exclude<ToolField, ChoiceField> }) {
  const page = usePage();
  const id = useId();
  const text = textOf(view, field);
  const attributes = {
    ...controlAttributes(id, text),
    ...focusEvents(page, field),
    value: view.draft.values[field.id] ?? '',
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      page.store.setValue(field.id, currentTarget.value),
  };
  return (
    <Field id={id} text={text}>
      {field.type === 'number' ? (
        <div class="with-chips">
          <input
            type="text"
            autocomplete="off"
            inputMode={field.decimals > 0 ? 'decimal' : 'numeric'}
            class="short"
            {...attributes}
          />
          <Suggestions view={view} field={field} labelId={`${id}-label`} />
        </div>
      ) : field.type === 'multiline' ? (
        <textarea rows={3} spellcheck {...attributes} />
      ) : (
        <input type="text" autocomplete="off" {...attributes} />
      )}
    </Field>
  );
}

interface SuggestionsProps {
  readonly view: View;
  readonly field: NumberField;
  readonly labelId: string;
}

/** Common values next to a number field. Pressing one again clears the field. */
function Suggestions({ view, field, labelId }: SuggestionsProps) {
  const { store } = usePage();
  const typed = (view.draft.values[field.id] ?? '').trim();
  if (!field.suggestions?.length) return null;
  return (
    <div class="chips">
      {field.suggestions.map(value => {
        const isChosen = typed === String(value);
        return (
          <button
            key={value}
            type="button"
            class="chip"
            aria-pressed={isChosen}
            aria-describedby={labelId}
            onClick={() => store.setValue(field.id, isChosen ? '' : String(value))}
          >
            {view.formatter.plain(value)}
          </button>
        );
      })}
    </div>
  );
}

/** Shows and announces what a choice changes: the clip limit and the price. */
function Choice({ view, field }: { readonly view: View; readonly field: ChoiceField }) {
  const page = usePage();
  const id = useId();
  const [change, setChange] = useState<string>();
  const text = textOf(view, field, change);
  return (
    <Field id={id} text={text}>
      <select
        {...controlAttributes(id, text)}
        {...focusEvents(page, field)}
        value={view.draft.values[field.id] || field.default}
        onInput={({ currentTarget }) => {
          const before = page.store.view;
          page.store.setValue(field.id, currentTarget.value);
          const told = describeChange(before, page.store.view);
          setChange(told);
          if (told) page.announce(told);
        }}
      >
        {field.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {view.formatter.text(label)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function describeChange(before: View, after: View): string | undefined {
  const { text, price } = after.formatter;
  const changes: string[] = [];
  if (after.clipLimit !== undefined && after.clipLimit !== before.clipLimit)
    changes.push(text('form.limitNow', { limit: after.clipLimit, before: before.clipLimit ?? 0 }));
  if (after.checked.price.credits !== before.checked.price.credits)
    changes.push(
      text('form.priceNow', { price: price(after.checked.price), before: price(before.checked.price) }),
    );
  return changes.join(' ') || undefined;
}
