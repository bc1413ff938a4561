import {
  aspectRatioField,
  countField,
  imageModelOf,
  imagePrice,
  modelField,
  resolutionField,
} from './imageModels.ts';
import { nameField, promptField, toolTexts, type Tool, type ToolInput } from './tool.ts';

/** The first image in the list is the one to edit. */
const listed = { accepts: 'image', wire: ['assets', 'image_file_paths'], listed: true } as const;
const moreImages = Array.from(
  { length: 9 },
  (_, index): ToolInput => ({
    ...listed,
    id: `image${index + 2}`,
    optional: true,
    label: 'imageEditor.moreImage',
    hint: 'imageEditor.moreImage.hint',
    offered: values => index < (imageModelOf(values)?.moreImages ?? 0),
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
    modelField('moreImages', 'qwen-edit'),
    resolutionField,
    aspectRatioField(['auto', '16:9', '9:16', '4:3', '3:2', '1:1', '4:5', '2:3'], 'auto'),
    countField([1, 4, 9, 16]),
    nameField,
  ],
  resultSuffix: 'edited',
  medianSeconds: 9,
  pricedBy: ['model'],
  price: imagePrice,
};
