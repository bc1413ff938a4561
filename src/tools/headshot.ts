import { nameField, toolTexts, type Tool } from './tool.ts';

/** `POST /v1/ai-headshot-generator`: a studio portrait from a photo of one person. */
export const headshot: Tool = {
  ...toolTexts('headshot'),
  command: 'magicHour.createHeadshot',
  icon: 'person',
  group: 'portrait',
  path: '/v1/ai-headshot-generator',
  project: 'image',
  inputs: [{ id: 'image', accepts: 'image', label: 'field.image', hint: 'headshot.image.hint' }],
  fields: [
    nameField,
    {
      id: 'stylePrompt',
      type: 'multiline',
      label: 'field.stylePrompt',
      hint: 'field.stylePrompt.hint',
      wire: ['style', 'prompt'],
    },
  ],
  resultSuffix: 'headshot',
  medianSeconds: 16,
  price: () => ({ credits: 50, exact: true }),
};
