import { nameField, toolTexts, type Tool } from './tool.ts';

/** `POST /v1/photo-colorizer`: adds color to a black-and-white photo. */
export const photoColorizer: Tool = {
  ...toolTexts('photoColorizer'),
  command: 'magicHour.colorizePhoto',
  icon: 'paintcan',
  group: 'edit',
  path: '/v1/photo-colorizer',
  project: 'image',
  inputs: [{ id: 'image', accepts: 'image', label: 'field.image', hint: 'photoColorizer.image.hint' }],
  fields: [nameField],
  resultSuffix: 'colorized',
  keepsImage: true,
  medianSeconds: 10,
  price: () => ({ credits: 10, exact: true }),
};
