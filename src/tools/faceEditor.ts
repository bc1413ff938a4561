import { nameField, toggle, toolTexts, type NumberField, type Tool } from './tool.ts';

type Slider = Pick<NumberField, 'id' | 'label'> & { readonly sentAs: string };

const sliders: readonly Slider[] = [
  { id: 'eyebrowDirection', label: 'faceEditor.eyebrowDirection', sentAs: 'eyebrow_direction' },
  { id: 'eyeGazeHorizontal', label: 'faceEditor.eyeGazeHorizontal', sentAs: 'eye_gaze_horizontal' },
  { id: 'eyeGazeVertical', label: 'faceEditor.eyeGazeVertical', sentAs: 'eye_gaze_vertical' },
  { id: 'eyeOpenRatio', label: 'faceEditor.eyeOpenRatio', sentAs: 'eye_open_ratio' },
  { id: 'lipOpenRatio', label: 'faceEditor.lipOpenRatio', sentAs: 'lip_open_ratio' },
  { id: 'headRoll', label: 'faceEditor.headRoll', sentAs: 'head_roll' },
  { id: 'headPitch', label: 'faceEditor.headPitch', sentAs: 'head_pitch' },
  { id: 'headYaw', label: 'faceEditor.headYaw', sentAs: 'head_yaw' },
  { id: 'mouthSmile', label: 'faceEditor.mouthSmile', sentAs: 'mouth_smile' },
  { id: 'mouthGrim', label: 'faceEditor.mouthGrim', sentAs: 'mouth_grim' },
  { id: 'mouthPout', label: 'faceEditor.mouthPout', sentAs: 'mouth_pout' },
  { id: 'mouthPurse', label: 'faceEditor.mouthPurse', sentAs: 'mouth_purse' },
  {
    id: 'mouthPositionHorizontal',
    label: 'faceEditor.mouthPositionHorizontal',
    sentAs: 'mouth_position_horizontal',
  },
  {
    id: 'mouthPositionVertical',
    label: 'faceEditor.mouthPositionVertical',
    sentAs: 'mouth_position_vertical',
  },
];

/** `POST /v1/ai-face-editor`: changes the facial expression, gaze, and head position in a photo. */
export const faceEditor: Tool = {
  ...toolTexts('faceEditor'),
  command: 'magicHour.editFace',
  icon: 'smiley',
  group: 'edit',
  path: '/v1/ai-face-editor',
  project: 'image',
  inputs: [{ id: 'image', accepts: 'image', label: 'field.image', hint: 'headshot.image.hint' }],
  fields: [
    ...sliders.map(
      ({ id, label, sentAs }): NumberField => ({
        id,
        type: 'number',
        label,
        wire: ['style', sentAs],
        min: -100,
        max: 100,
        decimals: 0,
        step: 5,
        default: 0,
      }),
    ),
    toggle({ id: 'enhanceFace', label: 'faceEditor.enhanceFace', wire: ['style', 'enhance_face'] }),
    nameField,
  ],
  resultSuffix: 'face',
  medianSeconds: 2,
  price: () => ({ credits: 1, exact: true }),
};
