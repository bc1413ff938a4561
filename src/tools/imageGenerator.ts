import {
  aspectRatioField,
  countField,
  imagePrice,
  modelField,
  resolutionField,
  type ImageModel,
} from './imageModels.ts';
import { nameField, promptField, toolTexts, type Tool } from './tool.ts';

const one = [1];
const upTo4 = [1, 2, 3, 4];
const grids = [1, 4, 9, 16];

const models: Readonly<Record<string, ImageModel & { readonly counts: readonly number[] }>> = {
  'flux-2-klein': { credits: 5, resolutions: ['640px', '2k'], counts: one },
  'flux-schnell': { credits: 5, resolutions: ['640px', '2k'], counts: upTo4 },
  'z-image-turbo': { credits: 5, resolutions: ['640px', '2k'], counts: upTo4 },
  'krea-2': { credits: 10, resolutions: ['640px', '1k'], counts: one },
  'qwen-image-2.1': { credits: 10, resolutions: ['640px', '2k'], counts: upTo4 },
  'seedream-v4': { credits: 40, resolutions: ['640px', '4k'], counts: upTo4, paid: true },
  'nano-banana': { credits: 50, resolutions: ['640px', '1k'], counts: upTo4, paid: true },
  'nano-banana-2-lite': { credits: 50, resolutions: ['640px', '1k'], counts: upTo4, paid: true },
  'nano-banana-2.1': { credits: 50, resolutions: ['640px', '4k'], counts: grids, paid: true },
  'gpt-image-2': { credits: 50, resolutions: ['640px', '4k'], counts: upTo4, paid: true },
  'seedream-v5-pro': { credits: 75, resolutions: ['640px', '2k'], counts: upTo4, paid: true },
  'nano-banana-2': { credits: 100, resolutions: ['640px', '4k'], counts: grids, paid: true },
  'gpt-image-2.5-flare': { credits: 100, resolutions: ['640px', '4k'], counts: upTo4, paid: true },
  'nano-banana-pro': { credits: 150, resolutions: ['1k', '4k'], counts: grids, paid: true },
};

/** `POST /v1/ai-image-generator`: images from a prompt. */
export const imageGenerator: Tool = {
  ...toolTexts('imageGenerator'),
  command: 'magicHour.generateImage',
  icon: 'sparkle',
  group: 'create',
  path: '/v1/ai-image-generator',
  project: 'image',
  inputs: [],
  fields: [
    promptField('field.prompt.describe', { required: true }),
    modelField(models, 'z-image-turbo'),
    resolutionField(models),
    aspectRatioField(['1:1', '16:9', '9:16'], '1:1'),
    countField(
      [1, 2, 3, 4, 9, 16],
      ({ model }, count) => models[model ?? '']?.counts.includes(count) === true,
    ),
    nameField,
  ],
  namedAfter: 'prompt',
  resultSuffix: 'image',
  medianSeconds: 4,
  pricedBy: ['model'],
  price: values => imagePrice(models, values),
};
