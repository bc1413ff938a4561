/** Rounds up, but tolerates floating-point error just above a whole number. Never returns -0. */
export const roundUp = (value: number): number => Math.max(0, Math.ceil(value - 1e-6));

/** Published prices assume this many frames per second. */
const usualFrameRate = 24;

/**
 * The number of frames to charge for. A partial frame counts as a full one. A lower frame rate than usual is ignored,
 * because a screen recording that starts at a low rate may continue with more frames per second.
 */
export const framesIn = (seconds: number, frameRate = usualFrameRate): number =>
  roundUp(Math.max(usualFrameRate, frameRate) * seconds);
