import {
  aspectRatioField,
  countField,
  imageModelOf,
  imagePrice,
  modelField,
  resolutionField,
} from './imageModels.ts';
import { nameField, promptField, toolTexts, type Tool } from './tool.ts';

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
    modelField('counts', 'z-image-turbo'),
    resolutionField,
    aspectRatioField(['1:1', '16:9', '9:16'], '1:1'),
    countField(
      [1, 2, 3, 4, 9, 16],
      (values, count) => imageModelOf(values)?.counts?.includes(count) === true,
    ),
    nameField,
  ],
  namedAfter: 'prompt',
  resultSuffix: 'image',
  medianSeconds: 4,
  pricedBy: ['model'],
  price: imagePrice,
};
