import { framesIn } from './credits.ts';
import { nameField, promptField, toolTexts, verbatim, type Tool } from './tool.ts';

const creditsPerFrame: Readonly<Record<string, number>> = { '480p': 1, '720p': 2, '1080p': 3 };

/** `POST /v1/audio-to-video`: a video that matches an audio file. */
export const audioToVideo: Tool = {
  ...toolTexts('audioToVideo'),
  command: 'magicHour.createVideoFromAudio',
  icon: 'unmute',
  group: 'create',
  path: '/v1/audio-to-video',
  project: 'video',
  inputs: [
    { id: 'audio', accepts: 'audio', label: 'field.audio', hint: 'audioToVideo.audio.hint' },
    {
      id: 'image',
      accepts: 'image',
      optional: true,
      label: 'field.image',
      hint: 'audioToVideo.image.hint',
    },
  ],
  // No limit is published. Ours keeps a typo from costing thousands of credits.
  clip: { input: 'audio', limitSeconds: () => 300 },
  fields: [
    promptField('audioToVideo.prompt.hint'),
    {
      id: 'resolution',
      type: 'choice',
      label: 'field.resolution',
      wire: ['resolution'],
      default: '480p',
      choices: [
        { value: '480p', label: verbatim('480p') },
        { value: '720p', label: verbatim('720p'), paid: true },
        { value: '1080p', label: verbatim('1080p'), paid: true },
      ],
    },
    nameField,
  ],
  resultSuffix: 'video-from-audio',
  medianSeconds: 71,
  pricedBy: ['resolution'],
  price: ({ resolution }, seconds) => ({
    credits: (creditsPerFrame[resolution ?? ''] ?? NaN) * framesIn(seconds),
    exact: false,
  }),
};
