import { nameField, toolTexts, type Tool } from './tool.ts';

/** `POST /v1/ai-qr-code-generator`: a QR code in an art style. */
export const qrCode: Tool = {
  ...toolTexts('qrCode'),
  command: 'magicHour.createQrCode',
  icon: 'link',
  group: 'create',
  path: '/v1/ai-qr-code-generator',
  project: 'image',
  inputs: [],
  fields: [
    {
      id: 'content',
      type: 'text',
      label: 'qrCode.content',
      hint: 'qrCode.content.hint',
      wire: ['content'],
      required: true,
    },
    {
      id: 'artStyle',
      type: 'text',
      label: 'qrCode.artStyle',
      hint: 'qrCode.artStyle.hint',
      wire: ['style', 'art_style'],
      required: true,
    },
    nameField,
  ],
  namedAfter: 'content',
  resultSuffix: 'qr-code',
  medianSeconds: 7,
  price: () => ({ credits: 0, exact: true }),
};
