import { useState } from 'preact/hooks';
import type { View } from '../view.ts';

interface CompareProps {
  readonly view: View;
  readonly after: string;
  /** The image that the result was created from, if the page can show it. */
  readonly before: string | undefined;
}

/** Shows the result and the original on top of each other, with a slider that wipes between them. */
export function Compare({ view, after, before }: CompareProps) {
  const { text, percent } = view.formatter;
  const [split, setSplit] = useState(50);
  const result = <img src={after} alt={text('form.resultAlt')} class="after" draggable={false} />;
  if (!before) return <div class="compare">{result}</div>;
  return (
    <div class="compare" dir="ltr" style={{ '--split': `${split}%` }}>
      {result}
      <img src={before} alt={text('form.originalAlt')} class="before" draggable={false} />
      <span class="tag before-tag" aria-hidden="true">
        {text('form.before')}
      </span>
      <span class="tag after-tag" aria-hidden="true">
        {text('form.after')}
      </span>
      <span class="divider" aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={split}
        aria-label={text('form.compare')}
        aria-valuetext={text('form.compareAt', { percent: percent(split / 100) })}
        onInput={({ currentTarget }) => setSplit(Number(currentTarget.value))}
      />
    </div>
  );
}
