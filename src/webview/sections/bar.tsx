import { useId } from 'preact/hooks';
import { focusFirstProblem } from '../focus.ts';
import { Icon } from '../icon.tsx';
import type { View } from '../view.ts';
import { Problem } from './field.tsx';
import { type Page, usePage } from './pageContext.ts';

/** The price, and the only button that spends credits. Always visible. */
export function Bar({ view }: { readonly view: View }) {
  const page = usePage();
  const id = useId();
  const { text, message, price, balance } = view.formatter;
  const { hasKey, credits = Number.NaN } = view.host.account;
  const cost = view.checked.price;
  const isKnown = hasKey && !Number.isNaN(credits) && cost.credits > 0;
  const missing = isKnown ? cost.credits - credits : 0;
  const count = view.draft.rows.length;
  return (
    <div class="bar">
      <div class="sum">
        <output class="price" id={`${id}-price`}>
          {cost.credits === 0 ? text(view.tool.clip ? 'form.priceLater' : 'form.free') : price(cost)}
        </output>
        <div class="of">
          {isKnown && (
            <span class="meter" aria-hidden="true" data-lacks={missing > 0 ? '' : undefined}>
              <span style={{ '--share': credits > 0 ? Math.min(1, cost.credits / credits) : 1 }} />
            </span>
          )}
          <span class="balance" id={`${id}-balance`}>
            {isKnown && balance(cost, credits)}
          </span>
        </div>
        {missing > 0 && (
          <div class="lack">
            <Icon name="warning" />
            <span>{text('form.notEnough', { missing })}</span>
            <button
              type="button"
              class="link"
              onClick={() => void page.actions.suggestedAction('buyCredits')}
            >
              {text('action.buyCredits')}
            </button>
          </div>
        )}
        {!hasKey && <div class="hint">{text('form.keyFirst')}</div>}
        <Problem role="alert" text={view.generalProblems.map(message).join(' ') || undefined} />
      </div>
      <button
        type="button"
        class="primary"
        aria-describedby={`${id}-price ${id}-balance`}
        aria-disabled={view.submitting ? 'true' : undefined}
        onClick={() => submit(page)}
      >
        {view.submitting
          ? text('form.submitting')
          : count > 1
            ? text(view.tool.submitMany, { count })
            : text(view.tool.submit)}
      </button>
    </div>
  );
}

/** Submits the form, or moves focus to the first problem. */
export function submit({ store, actions, announce }: Page): void {
  if (store.view.submitting) return;
  store.showAllProblems();
  const { checked, formatter } = store.view;
  if (checked.problems.length === 0) {
    void actions.submit().then(accepted => {
      if (!accepted) focusFirstProblem();
    });
    return;
  }
  announce(formatter.text('form.problems', { count: checked.problems.length }));
  focusFirstProblem();
}
