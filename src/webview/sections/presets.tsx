import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../view.ts';
import { usePage } from './pageContext.ts';

/** Options saved under a name. */
export function Presets({ view }: { readonly view: View }) {
  const { store, actions, announce } = usePage();
  const { text } = view.formatter;
  const id = useId();
  const [chosen, setChosen] = useState('');
  const [draftName, setDraftName] = useState<string>();
  const select = useRef<HTMLSelectElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const nameInput = useRef<HTMLInputElement>(null);
  const { presets } = view.host;
  const preset = presets.find(({ name }) => name === chosen);
  const hasPresets = presets.length > 0;
  const isOpen = draftName !== undefined;
  useLayoutEffect(() => {
    if (isOpen) nameInput.current?.focus();
  }, [isOpen]);

  const choose = (name: string) => {
    setChosen(name);
    const values = presets.find(preset => preset.name === name)?.values;
    if (!values) return;
    // A name is meant for one job, so presets neither set nor clear it.
    const { name: current } = store.view.draft.values;
    store.edit(draft => ({
      ...draft,
      values: { ...values, ...(current !== undefined && { name: current }) },
    }));
  };
  const close = () => {
    setDraftName(undefined);
    opener.current?.focus();
  };
  const save = () => {
    const name = draftName?.trim();
    if (!name) {
      nameInput.current?.focus();
      return;
    }
    close();
    void actions.savePreset(name).then(isSaved => {
      if (!isSaved) return;
      setChosen(name);
      announce(text('form.presetSaved', { name }));
    });
  };

  return (
    <div class="presets">
      {hasPresets && (
        <label class="label" for={`${id}-preset`}>
          {text('form.preset')}
        </label>
      )}
      <div class="line">
        {hasPresets && (
          <select
            id={`${id}-preset`}
            ref={select}
            value={preset ? chosen : ''}
            onInput={({ currentTarget }) => choose(currentTarget.value)}
          >
            <option value="">{text('form.noPreset')}</option>
            {presets.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <button
          type="button"
          class="link"
          ref={opener}
          aria-expanded={isOpen}
          onClick={() => (isOpen ? close() : setDraftName(preset?.name ?? ''))}
        >
          {text('form.savePreset')}
        </button>
        {preset && (
          <button
            type="button"
            class="link"
            onClick={() => {
              void actions.deletePreset(preset.name);
              (presets.length > 1 ? select : opener).current?.focus();
            }}
          >
            {text('form.deletePreset')}
          </button>
        )}
      </div>
      {isOpen && (
        <div class="inline-form">
          <label class="hint" for={`${id}-name`}>
            {text('form.presetTitle')}
          </label>
          <div class="line">
            <input
              type="text"
              id={`${id}-name`}
              ref={nameInput}
              autocomplete="off"
              maxLength={100}
              value={draftName}
              onInput={({ currentTarget }) => setDraftName(currentTarget.value)}
              onKeyDown={({ key }) => {
                if (key === 'Enter') save();
                if (key === 'Escape') close();
              }}
            />
            <button type="button" class="secondary" onClick={save}>
              {text('form.save')}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
