import { type ComponentChildren, Fragment } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DraftRow } from '../../shared/draft.ts';
import { maxDropBytes } from '../../shared/protocol.ts';
import type { ToolInput } from '../../tools/tool.ts';
import { acceptDrops, type Dropped } from '../drop.ts';
import { factsOf, nameOf } from '../media/fileText.ts';
import type { View } from '../view.ts';
import { UrlBox } from './urlBox.tsx';
import { idList, Problem } from './field.tsx';
import { Preview } from './media.tsx';
import { type Page, usePage } from './pageContext.ts';
import { RemoveButton } from './removeButton.tsx';

interface InputProps {
  readonly view: View;
  readonly row: DraftRow;
  readonly input: ToolInput;
  /** If set, removes the row instead of clearing this input. */
  readonly onRemove: (() => void) | undefined;
  readonly children: ComponentChildren;
}

const emptyText = { image: 'form.noImage', audio: 'form.noAudio', video: 'form.noVideo' } as const;

/**
 * One input: the chosen file, with a thumbnail if possible, and the ways to choose another one.
 * The card is a button with the input's name, like a file field on the web.
 */
export function Input({ view, row, input, onRemove, children }: InputProps) {
  const page = usePage();
  const { actions } = page;
  const { text, message } = view.formatter;
  const id = useId();
  const [isUrlBoxOpen, setUrlBoxOpen] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLButtonElement>(null);
  const urlButton = useRef<HTMLButtonElement>(null);
  const source = row.inputs[input.id];
  const asset = view.asset(source);
  const warning = asset?.status === 'ready' ? asset.info?.warning : undefined;
  const problem = view.problem(input.id, row.id);
  const name = source ? (asset?.name ?? nameOf(source)) : text(emptyText[input.accepts]);
  const facts = source ? factsOf(view.formatter, source, asset) : [text('form.dropHint')];
  useLayoutEffect(() => {
    if (element.current) acceptDrops(element.current, dropped => void take(page, row.id, input, dropped));
  }, []);

  const choose = () => void actions.chooseFile(row.id, input.id);
  const closeUrlBox = () => {
    setUrlBoxOpen(false);
    urlButton.current?.focus();
  };
  const remove = () => {
    actions.setInput(row.id, input.id, undefined);
    card.current?.focus();
  };

  return (
    <div
      class="input"
      data-input={input.id}
      data-kind={input.accepts}
      data-state={source ? (asset?.status ?? 'reading') : 'empty'}
      ref={element}
    >
      <div class="input-head">
        <span class="label" id={`${id}-label`}>
          {text(input.label)}
        </span>
        <div class="hint" id={`${id}-hint`}>
          {text(input.hint)}
        </div>
      </div>
      <div class="card">
        <div class="chosen">
          <Preview kind={input.accepts} source={source} asset={asset} />
          <span class="file">
            <span class="file-name" id={`${id}-name`} dir="auto">
              {name}
            </span>
            <span class="facts" id={`${id}-facts`}>
              {facts.map((fact, index) => (
                <Fragment key={fact}>
                  {index > 0 && ' · '}
                  <span class="fact">{fact}</span>
                </Fragment>
              ))}
            </span>
          </span>
          {/* Covers the card instead of containing its text, which would become part of the button's name. */}
          <button
            type="button"
            class="choice"
            ref={card}
            aria-labelledby={`${id}-label`}
            aria-describedby={idList(
              `${id}-name`,
              facts.length > 0 && `${id}-facts`,
              `${id}-hint`,
              warning && `${id}-warning`,
              problem && `${id}-problem`,
            )}
            data-problem={problem ? '' : undefined}
            onClick={choose}
          />
        </div>
        <div class="card-actions">
          <button type="button" class="secondary" aria-describedby={`${id}-label`} onClick={choose}>
            {text('form.chooseFile')}
          </button>
          <button
            type="button"
            class="link"
            ref={urlButton}
            aria-expanded={isUrlBoxOpen}
            aria-describedby={`${id}-label`}
            onClick={() => (isUrlBoxOpen ? closeUrlBox() : setUrlBoxOpen(true))}
          >
            {text('form.useUrl')}
          </button>
          {source && (
            <RemoveButton
              title={text('form.remove')}
              label={text('form.removeFile', { name })}
              onClick={onRemove ?? remove}
            />
          )}
        </div>
        {isUrlBoxOpen && (
          <UrlBox
            view={view}
            url={source?.kind === 'url' ? source.url : ''}
            onClose={closeUrlBox}
            onUse={url => {
              closeUrlBox();
              actions.setInput(row.id, input.id, { kind: 'url', url });
            }}
          />
        )}
      </div>
      {warning && (
        <div class="note" id={`${id}-warning`}>
          {message(warning)}
        </div>
      )}
      <Problem id={`${id}-problem`} text={problem && message(problem)} />
      {children}
    </div>
  );
}

async function take(page: Page, row: string, input: ToolInput, dropped: Dropped): Promise<void> {
  const { actions, store } = page;
  // The first file or URL goes where it was dropped. The others get their own rows.
  if (dropped.uris.length > 0) await actions.dropUris(row, input.id, [...dropped.uris]);
  for (const [index, url] of dropped.urls.entries()) {
    const isFirst = index === 0 && dropped.uris.length === 0;
    actions.setInput(isFirst ? row : actions.addRow(), input.id, { kind: 'url', url });
  }
  for (const [index, file] of dropped.files.entries()) {
    if (file.size > maxDropBytes) {
      store.notify({
        key: 'form.dropTooLarge',
        args: { name: file.name, size: store.view.formatter.bytes(maxDropBytes) },
      });
      continue;
    }
    await actions.dropFile(index === 0 ? row : '', input.id, file);
  }
}
