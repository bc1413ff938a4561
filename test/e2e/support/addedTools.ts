/** Tools that were added by their definition alone (docs/adding-a-tool.md). */
export const addedTools = [
  {
    menu: 'Remove Background…',
    button: 'Remove background',
    price: '5 credits',
    result: 'ben-no-background.png',
    id: 'backgroundRemover',
  },
  {
    menu: 'Colorize Photo…',
    button: 'Colorize photo',
    price: '10 credits',
    result: 'ben-colorized.png',
    id: 'photoColorizer',
  },
] as const;
