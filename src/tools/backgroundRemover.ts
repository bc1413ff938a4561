import { nameField, toolTexts, type Tool } from './tool.ts';

/** `POST /v1/image-background-remover`: a transparent PNG of the subject, or the subject on another background. */
export const backgroundRemover: Tool = {
  ...toolTexts('backgroundRemover'),
  command: 'magicHour.removeBackground',
  icon: 'symbol-color',
  group: 'edit',
  path: '/v1/image-background-remover',
  project: 'image',
  inputs: [
    { id: 'image', accepts: 'image', label: 'field.image', hint: 'backgroundRemover.image.hint' },
    {
      id: 'background',
      accepts: 'image',
      optional: true,
      wire: ['assets', 'background_image_file_path'],
      label: 'backgroundRemover.background',
      hint: 'backgroundRemover.background.hint',
    },
  ],
  fields: [nameField],
  resultSuffix: 'no-background',
  medianSeconds: 4,
  price: () => ({ credits: 5, exact: true }),
};
