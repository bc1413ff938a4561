/** Icons drawn for this page. Each is one path on a 16 × 16 grid, stroked in the text color. */
const paths = {
  image: 'M2.5 3.5h11v9h-11z M2.5 10.5l3-3 3 3 2-2 3 3 M10.5 6.2v.01',
  audio: 'M2 8v.01 M4.5 6v4 M7 3.5v9 M9.5 5.5v5 M12 4.5v7 M14 8v.01',
  video: 'M2.5 4.5h8v7h-8z M10.5 7l3-2v6l-3-2',
  link: 'M6.5 9.5l3-3 M7.5 4.8l1.4-1.4a2.6 2.6 0 0 1 3.7 3.7l-1.4 1.4 M8.5 11.2l-1.4 1.4a2.6 2.6 0 0 1-3.7-3.7l1.4-1.4',
  close: 'M4 4l8 8 M12 4l-8 8',
  add: 'M8 3v10 M3 8h10',
  previous: 'M10 3.5L5.5 8l4.5 4.5',
  next: 'M6 3.5L10.5 8 6 12.5',
  play: 'M5 3.5l7.5 4.5-7.5 4.5z',
  pause: 'M5.5 3.5v9 M10.5 3.5v9',
  clip: 'M3 3v10 M13 3v10 M6 5.5l4.5 2.5-4.5 2.5z',
  loop: 'M3 8a5 5 0 0 1 8.6-3.5l1.4 1.4 M13 3v3h-3 M13 8a5 5 0 0 1-8.6 3.5L3 10.1 M3 13v-3h3',
  zoomIn: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z M10.3 10.3l3.2 3.2 M7 5v4 M5 7h4',
  zoomOut: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z M10.3 10.3l3.2 3.2 M5 7h4',
  fit: 'M2.5 4v8 M13.5 4v8 M4.5 8h7 M6.5 6l-2 2 2 2 M9.5 6l2 2-2 2',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  error: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4',
  warning: 'M8 2.5l6 10.5H2z M8 6.5v3 M8 11.3v.01',
  question: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.1 M8 11.2v.01',
  running: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M8 4.8V8l2.4 1.6',
  stopped: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M5 8h6',
  sound: 'M2.5 6v4h2.5l3.5 3V3L5 6z M11 5.8a3 3 0 0 1 0 4.4 M12.8 4a5.5 5.5 0 0 1 0 8',
  silent: 'M2.5 6v4h2.5l3.5 3V3L5 6z M11 6l4 4 M15 6l-4 4',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg viewBox="0 0 16 16" class="icon" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
