import { h, newId, setAttribute, setOptionalText, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import type { View } from '../view.ts';
import { problemLine } from './field.ts';
import { toFirstProblem } from './focus.ts';
import type { Page } from './part.ts';

/** The price and the one button that spends it, always in sight. */
export function barSection(page: Page) {
  const { words, store, actions } = page;
  const price = h('output', { class: 'price', id: newId('price') });
  const balance = h('span', { class: 'balance', id: newId('balance') });
  const meter = h('span', { class: 'meter', 'aria-hidden': 'true' }, h('span'));
  const short = h('span');
  const lack = h(
    'div',
    { class: 'lack', hidden: true },
    icon('warning'),
    short,
    h(
      'button',
      { type: 'button', class: 'link', onclick: () => void actions.suggestedAction('buyCredits') },
      words.text('form.buyCredits'),
    ),
  );
  const note = h('div', { class: 'hint', hidden: true });
  const stray = problemLine();
  stray.element.setAttribute('role', 'alert');
  const button = h('button', {
    type: 'button',
    class: 'primary',
    'aria-describedby': `${price.id} ${balance.id}`,
    onclick: () => submit(),
  });
  return {
    submit,
    element: h(
      'div',
      { class: 'bar' },
      h('div', { class: 'sum' }, price, h('div', { class: 'of' }, meter, balance), lack, note, stray.element),
      button,
    ),
    update(view: View) {
      const { credits } = view.host.account;
      const asked = view.checked.price;
      const count = view.draft.rows.length;
      setText(price, asked.credits > 0 ? words.price(asked) : words.text('form.priceLater'));
      const known = view.host.account.hasKey && credits !== undefined && asked.credits > 0;
      setOptionalText(
        balance,
        known ? words.text('form.balance', { price: asked.credits, balance: credits }) : undefined,
      );
      meter.hidden = !known;
      if (known) {
        const share = credits > 0 ? Math.min(1, asked.credits / credits) : 1;
        meter.style.setProperty('--share', String(share));
      }
      const lacks = known && asked.credits > credits;
      lack.hidden = !lacks;
      setAttribute(meter, 'data-lacks', lacks);
      if (lacks) setText(short, words.text('form.notEnough', { missing: asked.credits - credits }));
      setOptionalText(note, view.host.account.hasKey ? undefined : words.text('form.keyFirst'));
      stray.show(view.strayProblems.map(problem => words.message(problem)).join(' ') || undefined);
      setText(
        button,
        view.submitting
          ? words.text('form.submitting')
          : count > 1
            ? words.text(view.tool.submitMany, { count })
            : words.text(view.tool.submit),
      );
      setAttribute(button, 'aria-disabled', view.submitting ? 'true' : undefined);
    },
  };

  function submit(): void {
    const { view } = store;
    if (view.submitting) return;
    store.attempt();
    if (store.view.checked.problems.length === 0) {
      void actions.submit().then(accepted => {
        if (!accepted) toFirstProblem();
      });
      return;
    }
    page.announce(words.text('form.problems', { count: store.view.checked.problems.length }));
    toFirstProblem();
  }
}
