import { toolTexts, type Tool } from './tool.ts';
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
    {
      id: 'prompt',
      type: 'multiline',
      label: 'field.prompt',
      hint: 'field.prompt.describe',
      wire: ['style', 'prompt'],
      required: true,
      maxLength: 20_000,
    },
    ...modelFields,
    aspectRatioField,
    { id: 'name', type: 'text', label: 'field.name', hint: 'field.name.hint', wire: ['name'] },
  ],
  duration: 'seconds',
  namedAfter: 'prompt',
  resultSuffix: 'generated-video',
  medianSeconds: 25,
  pricedBy: ['model', 'resolution', 'audio'],
  price: videoPrice,
};
