import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { readUrl } from '../readUrl.ts';
import type { View } from '../view.ts';
import { Problem } from './field.tsx';

interface UrlBoxProps {
  readonly view: View;
  /** The current URL, or an empty string. */
  readonly url: string;
  readonly onUse: (url: string) => void;
  readonly onClose: () => void;
}

/** Lets the user enter an https URL instead of choosing a file. */
export function UrlBox({ view, url, onUse, onClose }: UrlBoxProps) {
  const { text } = view.formatter;
  const id = useId();
  const [typed, setTyped] = useState(url);
  const [isWrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  const use = () => {
    const read = readUrl(typed);
    setWrong(!read);
    if (read) onUse(read);
    else input.current?.focus();
  };
  return (
    <div class="inline-form">
      <label class="hint" for={id}>
        {text('form.url')}
      </label>
      <div class="line">
        <input
          type="url"
          // URLs are written left to right in every language.
          dir="ltr"
          id={id}
          ref={input}
          placeholder="https://"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={isWrong ? 'true' : undefined}
          aria-describedby={isWrong ? `${id}-problem` : undefined}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
              use();
            }
            if (event.key === 'Escape') onClose();
          }}
        />
        <button type="button" class="secondary" onClick={use}>
          {text('form.urlUse')}
        </button>
      </div>
      <Problem id={`${id}-problem`} text={isWrong ? text('form.urlWrong') : undefined} />
    </div>
  );
}
