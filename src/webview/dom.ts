type Child = Node | string | undefined | false;
type Attribute = string | number | boolean | undefined | ((event: never) => void);

/**
 * Makes an element. Attributes that are `false` or undefined are left out, functions under `on…` listen.
 * There is no `style`: the page's policy forbids style attributes in markup; use `element.style.setProperty`.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else setAttribute(element, name, value);
  }
  element.append(...children.filter(child => child !== undefined && child !== false));
  return element;
}

/** Sets or removes an attribute, and touches the document only when something changes. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows the text, or hides the element where there is none. */
export function setOptionalText(element: HTMLElement, text: string | undefined): void {
  setText(element, text ?? '');
  element.hidden = !text;
}

/** Sets what a text control holds, but never under the hands of the person who types in it. */
export function setValue(
  element: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
  value: string,
): void {
  if (element.value !== value) element.value = value;
}

let lastId = 0;
/** An id for `aria-describedby` and the like, unique in the page. */
export const newId = (stem: string): string => `${stem}-${++lastId}`;

/** `aria-describedby` of the described parts that are there to be read. */
export function describe(element: Element, ...parts: readonly (HTMLElement | undefined)[]): void {
  const ids = parts.filter(part => part && !part.hidden && part.textContent).map(part => part?.id);
  setAttribute(element, 'aria-describedby', ids.length > 0 ? ids.join(' ') : undefined);
}

/** A list whose elements are kept by key, so that focus, caret and running media survive a change. */
export class KeyedList<T, P extends { readonly element: HTMLElement; dispose?(): void }> {
  readonly #parent: HTMLElement;
  readonly #make: (item: T) => P;
  readonly #parts = new Map<string, P>();

  constructor(parent: HTMLElement, make: (item: T) => P) {
    this.#parent = parent;
    this.#make = make;
  }

  clear(): void {
    for (const part of this.#parts.values()) part.dispose?.();
    this.#parts.clear();
    this.#parent.replaceChildren();
  }

  update(
    items: readonly T[],
    key: (item: T) => string,
    each: (part: P, item: T, index: number) => void,
  ): void {
    const wanted = new Set(items.map(key));
    for (const [name, part] of this.#parts) {
      if (wanted.has(name)) continue;
      part.dispose?.();
      part.element.remove();
      this.#parts.delete(name);
    }
    items.forEach((item, index) => {
      let part = this.#parts.get(key(item));
      if (!part) {
        part = this.#make(item);
        this.#parts.set(key(item), part);
      }
      const place = this.#parent.children[index];
      if (place !== part.element) this.#parent.insertBefore(part.element, place ?? null);
      each(part, item, index);
    });
  }
}
