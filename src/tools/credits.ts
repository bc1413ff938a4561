/** Rounds up, but tolerates floating-point error just above a whole number. Never returns -0. */
export const roundUp = (value: number): number => Math.max(0, Math.ceil(value - 1e-6));

/** For prices by the frame: a partial frame counts as a full one. */
export const framesIn = (seconds: number, frameRate = 24): number => roundUp(frameRate * seconds);
