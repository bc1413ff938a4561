import { verbatim, type Choice, type ChoiceField, type FieldValues, type Price } from './tool.ts';

/** What an image model can do and what it costs. */
export interface ImageModel {
  /** For one image at the lowest resolution; nothing else is published. */
  readonly credits: number;
  /** Lowest and highest. */
  readonly resolutions: readonly [Resolution, Resolution];
  readonly paid?: true;
}

const resolutions = ['640px', '1k', '2k', '4k'] as const;
type Resolution = (typeof resolutions)[number];

type Models = Readonly<Record<string, ImageModel>>;

const modelOf = (models: Models, { model }: FieldValues): ImageModel | undefined => models[model ?? ''];

export const modelField = (models: Models, standard: string): ChoiceField => ({
  id: 'model',
  type: 'choice',
  label: 'field.model',
  hint: 'field.model.hint',
  wire: ['model'],
  default: standard,
  choices: Object.entries(models).map(
    ([value, { paid }]): Choice => ({ value, label: verbatim(value), paid }),
  ),
});

export const resolutionField = (models: Models): ChoiceField => ({
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
      const [lowest, highest] = modelOf(models, values)?.resolutions ?? [];
      return lowest !== undefined && highest !== undefined
        ? resolutions.indexOf(lowest) <= index && index <= resolutions.indexOf(highest)
        : false;
    },
  })),
});

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

/** Higher resolutions cost more, but how much isn't published. */
export function imagePrice(models: Models, values: FieldValues): Price {
  const model = modelOf(models, values);
  const credits = (model?.credits ?? NaN) * Number(values['count']);
  const isLowest = values['resolution'] === model?.resolutions[0];
  return isLowest ? { credits, exact: true } : { credits, exact: false, from: true };
}
