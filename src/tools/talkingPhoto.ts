import type { FieldValues, Tool } from './tool.ts';

/** The vendor has changed the limits twice in a year, and publishes them only in prose. */
const realistic = { actsAs: 'realistic', limitSeconds: 300, creditsPerFrame: 2 } as const;
const prompted = { actsAs: 'prompted', limitSeconds: 45, creditsPerFrame: 1 } as const;

/** What each `generation_mode` means today; the last four are deprecated names. */
const modes = {
  realistic,
  prompted,
  pro: realistic,
  expressive: prompted,
  standard: prompted,
  stable: realistic,
} as const;

/** The settled price is for the frames of the result; each started frame counts. */
const framesPerSecond = 24;

type Mode = keyof typeof modes;

function mode(values: FieldValues) {
  const chosen = values['mode'];
  return modes[typeof chosen === 'string' && Object.hasOwn(modes, chosen) ? (chosen as Mode) : 'realistic'];
}

/** `POST /v1/ai-talking-photo`: a video in which the face in a photo says what the audio says. */
export const talkingPhoto: Tool = {
  id: 'talkingPhoto',
  title: 'talkingPhoto.title',
  submit: 'talkingPhoto.submit',
  submitMany: 'talkingPhoto.submitMany',
  command: 'magicHour.createTalkingPhoto',
  path: '/v1/ai-talking-photo',
  project: 'video',
  inputs: [
    { id: 'image', accepts: 'image', label: 'field.image', hint: 'talkingPhoto.image.hint' },
    { id: 'audio', accepts: 'audio', label: 'field.audio', hint: 'talkingPhoto.audio.hint' },
  ],
  clip: { input: 'audio', limitSeconds: values => mode(values).limitSeconds },
  fields: [
    { id: 'name', type: 'text', label: 'field.name', hint: 'field.name.hint', wire: ['name'] },
    {
      id: 'mode',
      type: 'choice',
      label: 'field.mode',
      wire: ['style', 'generation_mode'],
      default: 'realistic',
      choices: [
        { value: 'realistic', label: 'mode.realistic' },
        { value: 'prompted', label: 'mode.prompted' },
        { value: 'pro', label: 'mode.pro' },
        { value: 'expressive', label: 'mode.expressive' },
        { value: 'standard', label: 'mode.standard' },
        { value: 'stable', label: 'mode.stable' },
      ],
    },
    {
      id: 'prompt',
      type: 'multiline',
      label: 'field.prompt',
      hint: 'field.prompt.hint',
      wire: ['style', 'prompt'],
      offered: values => mode(values).actsAs === 'prompted',
    },
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
  resultSuffix: 'talking-photo',
  medianSeconds: 41,
  price: (values, clipSeconds) => ({
    credits: mode(values).creditsPerFrame * wholeFrames(clipSeconds),
    exact: false,
  }),
};

/** The difference of two decimals may lie a hair above a whole frame; the ceiling of that for no seconds is -0. */
const wholeFrames = (seconds: number): number => Math.max(0, Math.ceil(framesPerSecond * seconds - 1e-6));
