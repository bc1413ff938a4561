import { nameField, promptField, toolTexts, verbatim, type FieldValues, type Tool } from './tool.ts';

/** Credits by scale, then by mode. */
const credits: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  2: { preserve: 25, balanced: 50, creative: 50 },
  4: { preserve: 100, balanced: 200, creative: 200 },
};

const priceOf = ({ scale, mode }: FieldValues): number => credits[scale ?? '']?.[mode ?? ''] ?? NaN;

/** `POST /v1/ai-image-upscaler`: enlarges an image. */
export const imageUpscaler: Tool = {
  ...toolTexts('imageUpscaler'),
  command: 'magicHour.upscaleImage',
  icon: 'zoom-in',
  group: 'edit',
  path: '/v1/ai-image-upscaler',
  project: 'image',
  inputs: [{ id: 'image', accepts: 'image', label: 'field.image', hint: 'imageUpscaler.image.hint' }],
  fields: [
    {
      id: 'scale',
      type: 'choice',
      label: 'imageUpscaler.scale',
      wire: ['scale_factor'],
      sentAs: 'number',
      default: '2',
      choices: [
        { value: '2', label: verbatim('2×') },
        { value: '4', label: verbatim('4×'), paid: true },
      ],
    },
    {
      id: 'mode',
      type: 'choice',
      label: 'field.mode',
      wire: ['style', 'mode'],
      default: 'balanced',
      choices: [
        { value: 'preserve', label: 'imageUpscaler.preserve' },
        { value: 'balanced', label: 'imageUpscaler.balanced' },
        { value: 'creative', label: 'imageUpscaler.creative' },
      ],
    },
    promptField('imageUpscaler.prompt.hint', { offered: values => values['mode'] === 'creative' }),
    nameField,
  ],
  resultSuffix: 'upscaled',
  keepsImage: true,
  medianSeconds: 27,
  pricedBy: ['scale', 'mode'],
  price: values => ({ credits: priceOf(values), exact: true }),
};
