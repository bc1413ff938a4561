import { useId, useState } from 'preact/hooks';
import {
  isOffered,
  type Choice as ToolChoice,
  type ChoiceField,
  type Field as ToolField,
  type NumberField,
} from '../../tools/tool.ts';
import { choiceText, describeChange } from '../changes.ts';
import type { View } from '../view.ts';
import { controlAttributes, Field, type FieldText } from './field.tsx';
import { type Page, usePage } from './pageContext.ts';

/** A tool's options, as listed in its definition. They apply to all rows. */
export function Fields({ view }: { readonly view: View }) {
  return (
    <div class="fields">
      {view.tool.fields
        .filter(field => isOffered(field, view.checked.values))
        .map(field => {
          if (field.type === 'choice')
            return field.sentAs === 'boolean' ? (
              <Toggle key={field.id} view={view} field={field} />
            ) : (
              <Choice key={field.id} view={view} field={field} />
            );
          return field.type === 'number' && field.step !== undefined ? (
            <Slider key={field.id} view={view} field={field} step={field.step} />
          ) : (
            <Text key={field.id} view={view} field={field} />
          );
        })}
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

/** Common values next to a number field. Pressing the chosen value again clears the field. */
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

interface SliderProps {
  readonly view: View;
  readonly field: NumberField;
  readonly step: number;
}

function Slider({ view, field, step }: SliderProps) {
  const page = usePage();
  const id = useId();
  const text = textOf(view, field);
  const value = Number(view.draft.values[field.id] || (field.default ?? field.min));
  return (
    <Field id={id} text={text}>
      <div class="slider">
        <input
          type="range"
          min={field.min}
          max={field.max}
          step={step}
          value={value}
          {...controlAttributes(id, text)}
          {...focusEvents(page, field)}
          onInput={({ currentTarget }) => page.store.setValue(field.id, currentTarget.value)}
        />
        <output for={id}>{view.formatter.number(value, field.decimals)}</output>
      </div>
    </Field>
  );
}

/** A checkbox for the values `true` and `false`. */
function Toggle({ view, field }: { readonly view: View; readonly field: ChoiceField }) {
  const page = usePage();
  const [change, setValue] = useChoice(field);
  const id = useId();
  const text = textOf(view, field, change);
  return (
    <div class="toggle">
      <input
        type="checkbox"
        checked={view.checked.values[field.id] === 'true'}
        {...controlAttributes(id, text)}
        {...focusEvents(page, field)}
        onInput={({ currentTarget }) => setValue(String(currentTarget.checked))}
      />
      <Field id={id} text={text} />
    </div>
  );
}

function Choice({ view, field }: { readonly view: View; readonly field: ChoiceField }) {
  const page = usePage();
  const [change, setValue] = useChoice(field);
  const id = useId();
  const text = textOf(view, field, change);
  const { values } = view.checked;
  const choices = field.choices.filter(choice => isOffered(choice, values));
  const older = choices.filter(choice => choice.older);
  const option = (choice: ToolChoice) => (
    <option key={choice.value} value={choice.value}>
      {choiceText(view, choice)}
    </option>
  );
  return (
    <Field id={id} text={text}>
      <select
        {...controlAttributes(id, text)}
        {...focusEvents(page, field)}
        value={values[field.id] ?? (view.draft.values[field.id] || field.default)}
        onInput={({ currentTarget }) => setValue(currentTarget.value)}
      >
        {choices.filter(choice => !choice.older).map(option)}
        {older.length > 0 && (
          <optgroup label={view.formatter.text('form.olderChoices')}>{older.map(option)}</optgroup>
        )}
      </select>
    </Field>
  );
}

/** Sets a choice, then shows and announces its effects on the clip limit, the price, and other choices. */
function useChoice(field: ChoiceField): [change: string | undefined, setValue: (value: string) => void] {
  const { store, announce } = usePage();
  const [change, setChange] = useState<string>();
  const setValue = (value: string) => {
    const before = store.view;
    store.setValue(field.id, value);
    const told = describeChange(before, store.view, field);
    setChange(told);
    if (told) announce(told);
  };
  return [change, setValue];
}
