import {
  aspectRatioField,
  countField,
  imagePrice,
  modelField,
  resolutionField,
  type ImageModel,
} from './imageModels.ts';
import { nameField, promptField, toolTexts, type Tool, type ToolInput } from './tool.ts';

const models: Readonly<Record<string, ImageModel & { readonly moreImages: number }>> = {
  'flux-2-klein': { credits: 5, resolutions: ['640px', '2k'], moreImages: 5 },
  'krea-2': { credits: 10, resolutions: ['640px', '1k'], moreImages: 1 },
  'qwen-edit': { credits: 10, resolutions: ['640px', '2k'], moreImages: 2 },
  'qwen-image-2.1': { credits: 10, resolutions: ['640px', '2k'], moreImages: 2 },
  'seedream-v4': { credits: 40, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'seedream-v4.5': { credits: 50, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'nano-banana': { credits: 50, resolutions: ['640px', '1k'], moreImages: 9, paid: true },
  'nano-banana-2-lite': { credits: 50, resolutions: ['640px', '1k'], moreImages: 9, paid: true },
  'nano-banana-2.1': { credits: 50, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'gpt-image-2': { credits: 50, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'seedream-v5-pro': { credits: 75, resolutions: ['640px', '2k'], moreImages: 9, paid: true },
  'nano-banana-2': { credits: 100, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'gpt-image-2.5-flare': { credits: 100, resolutions: ['640px', '4k'], moreImages: 9, paid: true },
  'nano-banana-pro': { credits: 150, resolutions: ['1k', '4k'], moreImages: 9, paid: true },
};

/** The first image is the one that is edited. */
const listed = { accepts: 'image', wire: ['assets', 'image_file_paths'], listed: true } as const;
const moreImages = Array.from(
  { length: 9 },
  (_, index): ToolInput => ({
    ...listed,
    id: `image${index + 2}`,
    optional: true,
    label: 'imageEditor.moreImage',
    hint: 'imageEditor.moreImage.hint',
    offered: ({ model }) => index < (models[model ?? '']?.moreImages ?? 0),
  }),
);

/** `POST /v1/ai-image-editor`: changes an image as described in a prompt. */
export const imageEditor: Tool = {
  ...toolTexts('imageEditor'),
  command: 'magicHour.editImage',
  icon: 'edit-sparkle',
  group: 'edit',
  path: '/v1/ai-image-editor',
  project: 'image',
  inputs: [{ ...listed, id: 'image', label: 'field.image', hint: 'imageEditor.image.hint' }, ...moreImages],
  fields: [
    promptField('imageEditor.prompt.hint', { required: true, maxLength: 15_000 }),
    modelField(models, 'qwen-edit'),
    resolutionField(models),
    aspectRatioField(['auto', '16:9', '9:16', '4:3', '3:2', '1:1', '4:5', '2:3'], 'auto'),
    countField([1, 4, 9, 16]),
    nameField,
  ],
  resultSuffix: 'edited',
  medianSeconds: 9,
  pricedBy: ['model'],
  price: values => imagePrice(models, values),
};
