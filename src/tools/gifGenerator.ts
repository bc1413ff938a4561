import { nameField, promptField, toolTexts, verbatim, type Tool } from './tool.ts';

/** `POST /v1/ai-gif-generator`: a short animation from a prompt. */
export const gifGenerator: Tool = {
  ...toolTexts('gifGenerator'),
  command: 'magicHour.createGif',
  icon: 'play-circle',
  group: 'create',
  path: '/v1/ai-gif-generator',
  project: 'image',
  inputs: [],
  fields: [
    promptField('field.prompt.describe', { required: true, maxLength: 500 }),
    {
      id: 'format',
      type: 'choice',
      label: 'gifGenerator.format',
      wire: ['output_format'],
      default: 'gif',
      choices: [
        { value: 'gif', label: verbatim('GIF') },
        { value: 'mp4', label: verbatim('MP4') },
        { value: 'webm', label: verbatim('WebM') },
      ],
    },
    nameField,
  ],
  namedAfter: 'prompt',
  resultSuffix: 'gif',
  medianSeconds: 26,
  price: () => ({ credits: 50, exact: true }),
};
