import type { FieldValues, Tool } from './tool.ts';

/**
 * What each `generation_mode` means today. The limits have moved twice in a year and stand only in prose
 * (API notes, section 3), the rates in section 9: keep them here, as data.
 */
const modes = {
  realistic: { actsAs: 'realistic', limitSeconds: 300, creditsPerSecond: 48 },
  prompted: { actsAs: 'prompted', limitSeconds: 45, creditsPerSecond: 20 },
  pro: { actsAs: 'realistic', limitSeconds: 300, creditsPerSecond: 48 },
  expressive: { actsAs: 'prompted', limitSeconds: 45, creditsPerSecond: 20 },
  standard: { actsAs: 'prompted', limitSeconds: 45, creditsPerSecond: 20 },
  stable: { actsAs: 'realistic', limitSeconds: 300, creditsPerSecond: 48 },
} as const;

type Mode = keyof typeof modes;

function mode(values: FieldValues) {
  const chosen = values['mode'];
  return modes[typeof chosen === 'string' && Object.hasOwn(modes, chosen) ? (chosen as Mode) : 'realistic'];
}

/** `POST /v1/ai-talking-photo`: a video of a face that says what the audio says. */
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
  medianSeconds: 174,
  price: (values, clipSeconds) => ({
    // Of no seconds, the ceiling is -0, which would be shown with its sign.
    credits: Math.max(0, Math.ceil(mode(values).creditsPerSecond * clipSeconds - 1e-6)),
    exact: false,
  }),
};
