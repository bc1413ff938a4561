import { DOCUMENTED_CLIP_LIMITS, TOOLS } from './catalogue.ts';
import type { ClipLimits, ToolId } from './catalogue.ts';
import type { Envelope } from './reply.ts';

const HOUR = 3_600_000;

/**
 * The parts of the behavior that tests can change, because the real service may differ or change. Times are in
 * milliseconds.
 */
export interface Behavior {
  /** `real`: projects render in real time. `manual`: they stay `queued` until a test moves them. */
  clock: 'real' | 'manual';
  renderMs: Record<ToolId, number>;
  envelope: Envelope;
  /** What a GET returns for a deleted project: 404, or the project with `enabled: false`. */
  afterDelete: 'notFound' | 'disabled';
  /** Whether result downloads support range requests. */
  ranges: boolean;
  /** Longer clips are rejected with 422. A clip above the documented limits is also a violation. */
  clipLimits: ClipLimits;
  uploadUrlMs: number;
  downloadUrlMs: number;
  /** How long an uploaded file is kept. */
  fileMs: number;
  /** Larger uploads are rejected with 413. The default is the limit of the creator plan. */
  maxUploadBytes: number;
  /** Whether image results are photos. Otherwise, they are drawings a tenth of the size. */
  photos: boolean;
  /** Bytes added to each video result, for tests that need a large one. */
  videoPadding: number;
  /** Whether every connection is reset immediately, as if there were no network. */
  offline: boolean;
}

export function defaultBehavior(): Behavior {
  return {
    clock: 'real',
    renderMs: Object.fromEntries(TOOLS.map(tool => [tool.id, tool.renderMs])),
    envelope: 'code',
    afterDelete: 'notFound',
    ranges: true,
    clipLimits: { ...DOCUMENTED_CLIP_LIMITS },
    uploadUrlMs: HOUR,
    downloadUrlMs: 24 * HOUR,
    fileMs: 7 * 24 * HOUR,
    maxUploadBytes: 2_000_000_000,
    photos: false,
    videoPadding: 0,
    offline: false,
  };
}

/** A partial behavior. Nested records are merged, not replaced. */
export type BehaviorChange = Partial<Omit<Behavior, 'renderMs' | 'clipLimits'>> & {
  renderMs?: Record<ToolId, number>;
  clipLimits?: Partial<ClipLimits>;
};

export function applyChange(behavior: Behavior, change: BehaviorChange): void {
  const { renderMs, clipLimits, ...rest } = change;
  Object.assign(behavior, rest);
  Object.assign(behavior.renderMs, renderMs);
  Object.assign(behavior.clipLimits, clipLimits);
}
