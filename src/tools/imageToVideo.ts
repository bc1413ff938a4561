import { nameField, promptField, toolTexts, type Tool } from './tool.ts';
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
  fields: [promptField('imageToVideo.prompt.hint'), ...modelFields, nameField],
  duration: 'seconds',
  resultSuffix: 'video',
  medianSeconds: 33,
  pricedBy: ['model', 'resolution', 'audio'],
  price: videoPrice,
};
