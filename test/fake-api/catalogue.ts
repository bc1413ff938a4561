import type { Shape, ObjectShape } from './shape.ts';

/** Credits taken when the job is made, and what remains charged when it is complete. */
export interface Price {
  readonly estimate: number;
  readonly settled: number;
}

/** Longest clip per generation mode, in seconds. Data, because the vendor has moved it twice in a year. */
export interface ClipLimits {
  realistic: number;
  prompted: number;
}

/** One thing the API can make. A further tool is one more row in {@link TOOLS} (and a path in openapi.yaml). */
export interface Tool {
  readonly id: string;
  /** Name of the create call in faults and records. */
  readonly operation: `create${string}`;
  readonly path: string;
  readonly kind: 'image' | 'video';
  /** `type` of the project that a GET returns. */
  readonly projectType: string;
  readonly defaultName: string;
  readonly body: ObjectShape;
  /** Milliseconds a render takes unless configured otherwise. */
  readonly renderMs: number;
  readonly price: (body: CreateBody) => Price;
}

/** The fields the fake API itself reads from an accepted create; the shape has been checked before. */
export interface CreateBody {
  name?: string;
  start_seconds?: number;
  end_seconds?: number;
  style?: { generation_mode?: string; prompt?: string; intensity?: number };
}

/** Earlier names of the modes (`x-generation-mode-aliases` in openapi.yaml). */
export const MODES: Readonly<Record<string, keyof ClipLimits>> = {
  realistic: 'realistic',
  prompted: 'prompted',
  pro: 'realistic',
  stable: 'realistic',
  standard: 'prompted',
  expressive: 'prompted',
};

export const DOCUMENTED_CLIP_LIMITS: Readonly<ClipLimits> = { realistic: 300, prompted: 45 };

const name: Shape = { type: 'string' };
const image: Shape = { type: 'string', minLength: 1, file: 'image' };
const audio: Shape = { type: 'string', minLength: 1, file: 'audio' };
const flat = (credits: number) => (): Price => ({ estimate: credits, settled: credits });

/** The mode a talking photo is made in, old names resolved. */
export function talkingPhotoMode(body: CreateBody): keyof ClipLimits {
  return MODES[body.style?.generation_mode ?? 'realistic'] ?? 'realistic';
}

/** The estimate is made at 30 frames a second, the settled price at the 24 really rendered. */
function talkingPhotoPrice(body: CreateBody): Price {
  const seconds = (body.end_seconds ?? 0) - (body.start_seconds ?? 0);
  const perFrame = talkingPhotoMode(body) === 'realistic' ? 2 : 1;
  return { estimate: perFrame * wholeUp(seconds * 30), settled: perFrame * wholeUp(seconds * 24) };
}

/** The difference of two decimals may lie a hair above a whole frame. */
function wholeUp(value: number): number {
  return Math.ceil(Number(value.toFixed(6)));
}

export const TOOLS = [
  {
    id: 'headshot',
    operation: 'createHeadshot',
    path: '/v1/ai-headshot-generator',
    kind: 'image',
    projectType: 'AI_HEADSHOT',
    defaultName: 'Ai Headshot',
    renderMs: 300,
    price: flat(50),
    body: {
      type: 'object',
      required: ['assets'],
      properties: {
        name,
        style: { type: 'object', properties: { prompt: { type: 'string' } } },
        assets: { type: 'object', required: ['image_file_path'], properties: { image_file_path: image } },
      },
    },
  },
  {
    id: 'talkingPhoto',
    operation: 'createTalkingPhoto',
    path: '/v1/ai-talking-photo',
    kind: 'video',
    projectType: 'TALKING_PHOTO',
    defaultName: 'Talking Photo',
    renderMs: 1000,
    price: talkingPhotoPrice,
    body: {
      type: 'object',
      required: ['start_seconds', 'end_seconds', 'assets'],
      properties: {
        name,
        start_seconds: { type: 'number', minimum: 0 },
        end_seconds: { type: 'number', minimum: 0.1 },
        max_resolution: { type: 'integer' },
        style: {
          type: 'object',
          properties: {
            generation_mode: {
              type: 'string',
              enum: ['realistic', 'prompted', 'pro', 'standard', 'stable', 'expressive'],
            },
            prompt: { type: 'string' },
            intensity: { type: 'number', minimum: 0.1, maximum: 2, multipleOf: 0.01 },
          },
        },
        assets: {
          type: 'object',
          required: ['image_file_path', 'audio_file_path'],
          properties: { image_file_path: image, audio_file_path: audio },
        },
      },
    },
  },
  {
    id: 'backgroundRemover',
    operation: 'createBackgroundRemover',
    path: '/v1/image-background-remover',
    kind: 'image',
    projectType: 'BACKGROUND_REMOVER',
    defaultName: 'Background Remover',
    renderMs: 300,
    price: flat(5),
    body: {
      type: 'object',
      required: ['assets'],
      properties: {
        name,
        assets: {
          type: 'object',
          required: ['image_file_path'],
          properties: { image_file_path: image, background_image_file_path: image },
        },
      },
    },
  },
  {
    id: 'photoColorizer',
    operation: 'createPhotoColorizer',
    path: '/v1/photo-colorizer',
    kind: 'image',
    projectType: 'PHOTO_COLORIZER',
    defaultName: 'Photo Colorizer',
    renderMs: 300,
    price: flat(10),
    body: {
      type: 'object',
      required: ['assets'],
      properties: {
        name,
        assets: { type: 'object', required: ['image_file_path'], properties: { image_file_path: image } },
      },
    },
  },
] as const satisfies readonly Tool[];

export type ToolId = (typeof TOOLS)[number]['id'];
export type CreateOperation = (typeof TOOLS)[number]['operation'];

/** The body of `POST /v1/files/upload-urls`. */
export const UPLOAD_URLS_BODY: ObjectShape = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'extension'],
        properties: {
          type: { type: 'string', enum: ['video', 'audio', 'image'] },
          extension: { type: 'string', pattern: /^[a-z0-9]+$/ },
        },
      },
    },
  },
};
