import { toolTexts, type Tool } from './tool.ts';
import { endImageInput, modelFields, videoPrice } from './videoModels.ts';

/** `POST /v1/image-to-video`: animates an image. */
export const imageToVideo: Tool = {
  ...toolTexts('imageToVideo'),
  command: 'magicHour.createVideoFromImage',
  icon: 'device-camera-video',
  group: 'create',
  path: '/v1/image-to-video',
  project: 'video',
  inputs: [
    { id: 'image', accepts: 'image', label: 'field.image', hint: 'imageToVideo.image.hint' },
    endImageInput,
  ],
  fields: [
    {
      id: 'prompt',
      type: 'multiline',
      label: 'field.prompt',
      hint: 'imageToVideo.prompt.hint',
      wire: ['style', 'prompt'],
    },
    ...modelFields,
    { id: 'name', type: 'text', label: 'field.name', hint: 'field.name.hint', wire: ['name'] },
  ],
  duration: 'seconds',
  resultSuffix: 'video',
  medianSeconds: 33,
  pricedBy: ['model', 'resolution', 'audio'],
  price: videoPrice,
};
