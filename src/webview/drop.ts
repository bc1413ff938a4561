/** The dropped items: VS Code resources, web URLs, or files without a path. */
export interface Dropped {
  readonly uris: readonly string[];
  readonly urls: readonly string[];
  readonly files: readonly File[];
}

const uriLists = ['application/vnd.code.uri-list', 'text/uri-list'];

export function isDroppable(types: readonly string[]): boolean {
  return types.includes('Files') || uriLists.some(type => types.includes(type));
}

/**
 * Files from VS Code's Explorer come as URIs, and sometimes also as `Files` without content, so URIs take precedence.
 */
export function readDrop(transfer: Pick<DataTransfer, 'getData' | 'files'>): Dropped {
  const listed =
    uriLists.map(type => parseUriList(transfer.getData(type))).find(list => list.length > 0) ?? [];
  const urls = listed.filter(uri => /^https?:/i.test(uri));
  const uris = listed.filter(uri => !/^https?:/i.test(uri));
  return { uris, urls, files: listed.length > 0 ? [] : [...transfer.files] };
}

/** RFC 2483 puts one URI on each line. A line that starts with `#` is a comment. */
export function parseUriList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}

/** Makes an element accept drops. The element has `data-drop` while something is dragged over it. */
export function acceptDrops(element: HTMLElement, onDrop: (dropped: Dropped) => void): void {
  let inside = 0;
  const mark = () => element.toggleAttribute('data-drop', inside > 0);
  element.addEventListener('dragenter', event => {
    if (!isDroppable(event.dataTransfer?.types ?? [])) return;
    event.preventDefault();
    inside++;
    mark();
  });
  element.addEventListener('dragover', event => {
    if (!event.dataTransfer || !isDroppable(event.dataTransfer.types)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  element.addEventListener('dragleave', () => {
    inside = Math.max(0, inside - 1);
    mark();
  });
  element.addEventListener('drop', event => {
    inside = 0;
    mark();
    if (!event.dataTransfer || !isDroppable(event.dataTransfer.types)) return;
    event.preventDefault();
    event.stopPropagation();
    onDrop(readDrop(event.dataTransfer));
  });
}
