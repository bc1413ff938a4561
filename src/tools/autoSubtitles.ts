import { framesIn, roundUp } from './credits.ts';
import { nameField, toolTexts, type Tool } from './tool.ts';

/** `POST /v1/auto-subtitle-generator`: burns subtitles for the speech into a video. */
export const autoSubtitles: Tool = {
  ...toolTexts('autoSubtitles'),
  command: 'magicHour.addSubtitles',
  icon: 'symbol-string',
  group: 'edit',
  path: '/v1/auto-subtitle-generator',
  project: 'video',
  inputs: [{ id: 'video', accepts: 'video', label: 'field.video', hint: 'autoSubtitles.video.hint' }],
  // No limit is published. Ours keeps a typo from costing tens of thousands of credits.
  clip: { input: 'video', limitSeconds: () => 3600 },
  fields: [
    {
      id: 'template',
      type: 'choice',
      label: 'autoSubtitles.template',
      wire: ['style', 'template'],
      default: 'karaoke',
      choices: [
        { value: 'karaoke', label: 'autoSubtitles.karaoke' },
        { value: 'cinematic', label: 'autoSubtitles.cinematic' },
        { value: 'minimalist', label: 'autoSubtitles.minimalist' },
        { value: 'highlight', label: 'autoSubtitles.highlight' },
      ],
    },
    nameField,
  ],
  resultSuffix: 'subtitled',
  medianSeconds: 52,
  // If the frame rate is unknown, the price is a lower bound, because few videos have fewer than 24 frames per second.
  price: (_, seconds, frameRate) => ({
    credits: roundUp(0.2 * framesIn(seconds, frameRate)),
    exact: false,
    ...(frameRate === undefined && { from: true }),
  }),
};
