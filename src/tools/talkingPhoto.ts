import { framesIn } from './credits.ts';
import { nameField, promptField, toolTexts, type FieldValues, type Tool } from './tool.ts';

/** Magic Hour has changed these limits twice within a year and publishes them only in prose. */
const realistic = { actsAs: 'realistic', limitSeconds: 300, creditsPerFrame: 2 } as const;
const prompted = { actsAs: 'prompted', limitSeconds: 45, creditsPerFrame: 1 } as const;

/** The current meaning of each `generation_mode`. The last four are deprecated names. */
const modes = {
  realistic,
  prompted,
  pro: realistic,
  expressive: prompted,
  standard: prompted,
  stable: realistic,
} as const;

type Mode = keyof typeof modes;

function mode(values: FieldValues) {
  const chosen = values['mode'];
  return modes[typeof chosen === 'string' && Object.hasOwn(modes, chosen) ? (chosen as Mode) : 'realistic'];
}

/** `POST /v1/ai-talking-photo`: a video in which the face in a photo speaks or sings along to an audio file. */
export const talkingPhoto: Tool = {
  ...toolTexts('talkingPhoto'),
  command: 'magicHour.createTalkingPhoto',
  icon: 'comment-discussion',
  group: 'portrait',
  path: '/v1/ai-talking-photo',
  project: 'video',
  inputs: [
    { id: 'image', accepts: 'image', label: 'field.image', hint: 'talkingPhoto.image.hint' },
    { id: 'audio', accepts: 'audio', label: 'field.audio', hint: 'talkingPhoto.audio.hint' },
  ],
  clip: { input: 'audio', limitSeconds: values => mode(values).limitSeconds },
  fields: [
    nameField,
    {
      id: 'mode',
      type: 'choice',
      label: 'field.mode',
      wire: ['style', 'generation_mode'],
      default: 'realistic',
      choices: [
        { value: 'realistic', label: 'mode.realistic' },
        { value: 'prompted', label: 'mode.prompted' },
        { value: 'pro', label: 'mode.pro', older: true },
        { value: 'expressive', label: 'mode.expressive', older: true },
        { value: 'standard', label: 'mode.standard', older: true },
        { value: 'stable', label: 'mode.stable', older: true },
      ],
    },
    promptField('field.prompt.hint', { offered: values => mode(values).actsAs === 'prompted' }),
    {
      id: 'intensity',
      type: 'number',
      label: 'field.intensity',
      hint: 'field.intensity.hint',
      wire: ['style', 'intensity'],
      min: 0.1,
      max: 2,
      decimals: 2,
      offered: values => values['mode'] === 'expressive',
    },
    {
      id: 'maxResolution',
      type: 'number',
      label: 'field.maxResolution',
      hint: 'field.maxResolution.hint',
      wire: ['max_resolution'],
      min: 1,
      max: 8192,
      decimals: 0,
      suggestions: [480, 720, 1024, 1280],
    },
  ],
  pricedBy: ['mode'],
  resultSuffix: 'talking-photo',
  medianSeconds: 41,
  price: (values, seconds) => ({
    credits: mode(values).creditsPerFrame * framesIn(seconds),
    exact: false,
  }),
};
