import type { Tool } from './tool.ts';

/** `POST /v1/image-background-remover`: cuts the subject of a picture out of its background. 5 credits each (API notes, section 8). */
export const backgroundRemover: Tool = {
  id: 'backgroundRemover',
  title: 'backgroundRemover.title',
  submit: 'backgroundRemover.submit',
  submitMany: 'backgroundRemover.submitMany',
  command: 'magicHour.removeBackground',
  path: '/v1/image-background-remover',
  project: 'image',
  inputs: [{ id: 'image', accepts: 'image', label: 'field.image', hint: 'backgroundRemover.image.hint' }],
  fields: [{ id: 'name', type: 'text', label: 'field.name', hint: 'field.name.hint', wire: ['name'] }],
  resultSuffix: 'no-background',
  // Not published; the schedule learns it from the first runs.
  medianSeconds: 10,
  price: () => ({ credits: 5, exact: true }),
};
