import { verbatim, type Choice, type ChoiceField, type FieldValues, type Price } from './tool.ts';

const resolutions = ['640px', '1k', '2k', '4k'] as const;
type Resolution = (typeof resolutions)[number];

/** The capabilities and price of an image model. */
interface ImageModel {
  /** For one image at the lowest resolution. No other prices are published. */
  readonly credits: number;
  /** The lowest and highest supported resolution. */
  readonly resolutions: readonly [Resolution, Resolution];
  readonly paid?: true;
  /** The numbers of images that the model can generate at once. Absent if it can only edit. */
  readonly counts?: readonly number[];
  /** How many images the model can use in addition to the one being edited. Absent if it can only generate. */
  readonly moreImages?: number;
}

const one = [1];
const upTo4 = [1, 2, 3, 4];
const grids = [1, 4, 9, 16];

const models: Readonly<Record<string, ImageModel>> = {
  'flux-2-klein': { credits: 5, resolutions: ['640px', '2k'], counts: one, moreImages: 5 },
  'flux-schnell': { credits: 5, resolutions: ['640px', '2k'], counts: upTo4 },
  'z-image-turbo': { credits: 5, resolutions: ['640px', '2k'], counts: upTo4 },
  'krea-2': { credits: 10, resolutions: ['640px', '1k'], counts: one, moreImages: 1 },
  'qwen-edit': { credits: 10, resolutions: ['640px', '2k'], moreImages: 2 },
  'qwen-image-2.1': { credits: 10, resolutions: ['640px', '2k'], counts: upTo4, moreImages: 2 },
  'seedream-v4': { credits: 40, resolutions: ['640px', '4k'], paid: true, counts: upTo4, moreImages: 9 },
  'seedream-v4.5': { credits: 50, resolutions: ['640px', '4k'], paid: true, moreImages: 9 },
  'nano-banana': { credits: 50, resolutions: ['640px', '1k'], paid: true, counts: upTo4, moreImages: 9 },
  'nano-banana-2-lite': {
    credits: 50,
    resolutions: ['640px', '1k'],
    paid: true,
    counts: upTo4,
    moreImages: 9,
  },
  'nano-banana-2.1': { credits: 50, resolutions: ['640px', '4k'], paid: true, counts: grids, moreImages: 9 },
  'gpt-image-2': { credits: 50, resolutions: ['640px', '4k'], paid: true, counts: upTo4, moreImages: 9 },
  'seedream-v5-pro': { credits: 75, resolutions: ['640px', '2k'], paid: true, counts: upTo4, moreImages: 9 },
  'nano-banana-2': { credits: 100, resolutions: ['640px', '4k'], paid: true, counts: grids, moreImages: 9 },
  'gpt-image-2.5-flare': {
    credits: 100,
    resolutions: ['640px', '4k'],
    paid: true,
    counts: upTo4,
    moreImages: 9,
  },
  'nano-banana-pro': { credits: 150, resolutions: ['1k', '4k'], paid: true, counts: grids, moreImages: 9 },
};

export const imageModelOf = ({ model }: FieldValues): ImageModel | undefined => models[model ?? ''];

/** A choice of the models that can generate (`counts`) or edit (`moreImages`). */
export const modelField = (ability: 'counts' | 'moreImages', standard: string): ChoiceField => ({
  id: 'model',
  type: 'choice',
  label: 'field.model',
  hint: 'field.model.hint',
  wire: ['model'],
  default: standard,
  choices: Object.entries(models)
    .filter(([, model]) => model[ability] !== undefined)
    .map(([value, { paid }]): Choice => ({ value, label: verbatim(value), paid })),
});

export const resolutionField: ChoiceField = {
  id: 'resolution',
  type: 'choice',
  label: 'field.resolution',
  hint: 'field.resolution.hint',
  wire: ['resolution'],
  default: '640px',
  choices: resolutions.map((value, index) => ({
    value,
    label: verbatim(value),
    offered: values => {
      const [lowest, highest] = imageModelOf(values)?.resolutions ?? [];
      return lowest !== undefined && highest !== undefined
        ? resolutions.indexOf(lowest) <= index && index <= resolutions.indexOf(highest)
        : false;
    },
  })),
};

export const countField = (
  counts: readonly number[],
  isOffered?: (values: FieldValues, count: number) => boolean,
): ChoiceField => ({
  id: 'count',
  type: 'choice',
  label: 'field.imageCount',
  wire: ['image_count'],
  sentAs: 'number',
  default: '1',
  choices: counts.map(count => ({
    value: String(count),
    label: verbatim(String(count)),
    ...(isOffered && { offered: values => isOffered(values, count) }),
  })),
});

export const aspectRatioField = (ratios: readonly string[], standard: string): ChoiceField => ({
  id: 'aspectRatio',
  type: 'choice',
  label: 'field.aspectRatio',
  wire: ['aspect_ratio'],
  default: standard,
  choices: ratios.map(value => ({ value, label: value === 'auto' ? 'field.auto' : verbatim(value) })),
});

/** Higher resolutions cost more, but their prices aren't published. */
export function imagePrice(values: FieldValues): Price {
  const model = imageModelOf(values);
  const credits = (model?.credits ?? NaN) * Number(values['count']);
  const isLowest = values['resolution'] === model?.resolutions[0];
  return isLowest ? { credits, exact: true } : { credits, exact: false, from: true };
}
