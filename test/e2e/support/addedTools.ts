import { menuItem, text } from './text.ts';
/** Tools that were added by a definition only (docs/adding-a-tool.md). */
export const addedTools = [
  {
    menu: menuItem('removeBackground'),
    button: text('backgroundRemover.submit'),
    price: text('form.credits', { credits: 5 }),
    result: 'ben-no-background.png',
    id: 'backgroundRemover',
  },
  {
    menu: menuItem('colorizePhoto'),
    button: text('photoColorizer.submit'),
    price: text('form.credits', { credits: 10 }),
    result: 'ben-colorized.png',
    id: 'photoColorizer',
  },
] as const;
