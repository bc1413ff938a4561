import { framesIn } from './credits.ts';
import { nameField, toolTexts, verbatim, type Tool } from './tool.ts';

const creditsPerFrame: Readonly<Record<string, number>> = { lite: 1, standard: 1, pro: 2 };

/** `POST /v1/lip-sync`: matches the lip movements in a video to an audio file. */
export const lipSync: Tool = {
  ...toolTexts('lipSync'),
  command: 'magicHour.syncLips',
  icon: 'mic',
  group: 'edit',
  path: '/v1/lip-sync',
  project: 'video',
  inputs: [
    { id: 'video', accepts: 'video', label: 'field.video', hint: 'lipSync.video.hint' },
    { id: 'audio', accepts: 'audio', label: 'field.audio', hint: 'lipSync.audio.hint' },
  ],
  constants: [{ wire: ['assets', 'video_source'], value: 'file' }],
  // No limit is published. Ours keeps a typo from costing thousands of credits.
  clip: { input: 'video', limitSeconds: () => 300 },
  fields: [
    {
      id: 'mode',
      type: 'choice',
      label: 'field.mode',
      wire: ['style', 'generation_mode'],
      default: 'lite',
      choices: [
        { value: 'lite', label: 'lipSync.lite' },
        { value: 'standard', label: 'lipSync.standard' },
        { value: 'pro', label: 'lipSync.pro', paid: true },
      ],
    },
    {
      id: 'maxFrameRate',
      type: 'choice',
      label: 'lipSync.maxFrameRate',
      hint: 'lipSync.maxFrameRate.hint',
      wire: ['max_fps_limit'],
      sentAs: 'number',
      default: '30',
      choices: ['24', '30', '60'].map(value => ({ value, label: verbatim(value) })),
    },
    nameField,
  ],
  resultSuffix: 'lip-sync',
  medianSeconds: 90,
  pricedBy: ['mode', 'maxFrameRate'],
  price: ({ mode, maxFrameRate }, seconds, frameRate = Infinity) => ({
    credits:
      (creditsPerFrame[mode ?? ''] ?? NaN) * framesIn(seconds, Math.min(frameRate, Number(maxFrameRate))),
    exact: false,
  }),
};
