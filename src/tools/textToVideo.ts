import { nameField, promptField, toolTexts, type Tool } from './tool.ts';
import { aspectRatioField, modelFields, videoPrice } from './videoModels.ts';

/** `POST /v1/text-to-video`: a video from a prompt. */
export const textToVideo: Tool = {
  ...toolTexts('textToVideo'),
  command: 'magicHour.generateVideo',
  icon: 'device-camera-video',
  group: 'create',
  path: '/v1/text-to-video',
  project: 'video',
  inputs: [],
  fields: [
    promptField('field.prompt.describe', { required: true, maxLength: 20_000 }),
    ...modelFields,
    aspectRatioField,
    nameField,
  ],
  duration: 'seconds',
  namedAfter: 'prompt',
  resultSuffix: 'generated-video',
  medianSeconds: 25,
  pricedBy: ['model', 'resolution', 'audio'],
  price: videoPrice,
};
