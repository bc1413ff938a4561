import { toggle, verbatim, type ChoiceField, type FieldValues, type Price, type ToolInput } from './tool.ts';

/** The capabilities and prices of a video model. */
interface VideoModel {
  /** Supported lengths of the result. */
  readonly seconds: readonly number[];
  /** Credits per second by resolution. Resolutions without a published price are left out. */
  readonly rates: Readonly<Partial<Record<Resolution, number>>>;
  /** Additional credits per second for audio, by resolution if they vary. Absent if the model doesn't create audio. */
  readonly audio?: 0 | 'double' | Readonly<Partial<Record<Resolution, number>>>;
  /** Whether an end image is supported. False if never, an object if only with these options, absent if always. */
  readonly endImage?: false | { readonly resolution?: Resolution; readonly longest?: number };
  /** Doesn't support square videos. */
  readonly wide?: true;
}

const resolutions = ['360p', '480p', '720p', '1080p', '4k'] as const;
type Resolution = (typeof resolutions)[number];
/** Resolutions that need a paid plan. */
const paidResolutions: ReadonlySet<string> = new Set(['720p', '1080p', '4k']);

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const upTo30 = [...range(1, 10), 15, 20, 25, 30];
const veoLengths = [4, 6, 8, 16, 24, 32, 40, 48, 56];

const models: Readonly<Record<string, VideoModel>> = {
  'gemini-omni-1.1': {
    seconds: range(3, 10),
    rates: { '360p': 48, '720p': 144, '1080p': 192, '4k': 384 },
    wide: true,
  },
  'kling-2.6': { seconds: [5, 10], rates: { '720p': 36, '1080p': 72 }, endImage: { resolution: '1080p' } },
  'kling-3.0': {
    seconds: range(3, 15),
    rates: { '720p': 48, '1080p': 72, '4k': 240 },
    audio: { '720p': 24, '1080p': 24, '4k': 48 },
  },
  'ltx-2.5': { seconds: range(1, 60), rates: { '480p': 24, '720p': 48, '1080p': 72 }, audio: 0 },
  'ltx-2.3': { seconds: upTo30, rates: { '480p': 24, '720p': 48, '1080p': 72 }, audio: 0 },
  'minimax-h3': {
    seconds: upTo30,
    rates: { '480p': 24, '720p': 48, '1080p': 72 },
    audio: 0,
    endImage: false,
  },
  'seedance-1.5': { seconds: range(4, 12), rates: { '480p': 30, '720p': 60, '1080p': 90 }, audio: 'double' },
  'seedance-2.0': { seconds: range(4, 15), rates: { '480p': 144, '720p': 288 }, audio: 0 },
  'seedance-2.0-mini': { seconds: range(4, 15), rates: { '480p': 96, '720p': 192 }, audio: 0 },
  'seedance-2.5': { seconds: range(4, 30), rates: { '480p': 288, '720p': 576 }, audio: 0 },
  'veo3.1': {
    seconds: veoLengths,
    rates: { '720p': 96, '1080p': 120 },
    audio: { '720p': 24, '1080p': 24 },
    endImage: { longest: 8 },
    wide: true,
  },
  'veo3.1-lite': {
    seconds: veoLengths,
    rates: { '720p': 48, '1080p': 72 },
    audio: { '720p': 24, '1080p': 24 },
    endImage: { longest: 8 },
    wide: true,
  },
  'wan-2.2': {
    seconds: [...range(3, 10), 15],
    rates: { '480p': 24, '720p': 48, '1080p': 72 },
    endImage: false,
  },
};

const modelOf = ({ model }: FieldValues): VideoModel | undefined => models[model ?? ''];
const rateOf = (values: FieldValues): number | undefined =>
  modelOf(values)?.rates[values['resolution'] as Resolution];

export const endImageInput: ToolInput = {
  id: 'endImage',
  accepts: 'image',
  optional: true,
  wire: ['assets', 'end_image_file_path'],
  label: 'imageToVideo.endImage',
  hint: 'imageToVideo.endImage.hint',
  offered: values => {
    const { endImage } = modelOf(values) ?? {};
    if (endImage === false) return false;
    const { resolution = values['resolution'], longest = Infinity } = endImage ?? {};
    return values['resolution'] === resolution && Number(values['seconds']) <= longest;
  },
};

export const aspectRatioField: ChoiceField = {
  id: 'aspectRatio',
  type: 'choice',
  label: 'field.aspectRatio',
  wire: ['aspect_ratio'],
  default: '16:9',
  choices: [
    { value: '16:9', label: verbatim('16:9') },
    { value: '1:1', label: verbatim('1:1'), offered: values => !modelOf(values)?.wide },
    { value: '9:16', label: verbatim('9:16') },
  ],
};

/** The fields shared by the two tools that create a video with a model. */
export const modelFields: readonly ChoiceField[] = [
  {
    id: 'model',
    type: 'choice',
    label: 'field.model',
    hint: 'field.model.hint',
    wire: ['model'],
    default: 'ltx-2.5',
    choices: Object.keys(models).map(value => ({ value, label: verbatim(value) })),
  },
  {
    id: 'resolution',
    type: 'choice',
    label: 'field.resolution',
    wire: ['resolution'],
    default: '480p',
    choices: resolutions.map(value => ({
      value,
      label: verbatim(value),
      ...(paidResolutions.has(value) && { paid: true }),
      offered: values => modelOf(values)?.rates[value] !== undefined,
    })),
  },
  {
    id: 'seconds',
    type: 'choice',
    label: 'field.seconds',
    wire: ['end_seconds'],
    sentAs: 'number',
    default: '5',
    choices: range(1, 60).map(seconds => ({
      value: String(seconds),
      label: verbatim(String(seconds)),
      offered: values => modelOf(values)?.seconds.includes(seconds) === true,
    })),
  },
  toggle({
    id: 'audio',
    label: 'field.withAudio',
    wire: ['audio'],
    offered: values => modelOf(values)?.audio !== undefined,
  }),
];

export function videoPrice(values: FieldValues, seconds: number): Price {
  const rate = rateOf(values) ?? NaN;
  return { credits: Math.ceil((rate + audioRate(values, rate)) * seconds), exact: false };
}

function audioRate(values: FieldValues, rate: number): number {
  if (values['audio'] !== 'true') return 0;
  const audio = modelOf(values)?.audio ?? 0;
  if (audio === 'double') return rate;
  return audio === 0 ? 0 : (audio[values['resolution'] as Resolution] ?? 0);
}
