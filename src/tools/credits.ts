/** Rounded up, but a difference of two decimals may lie a hair above a whole number; and never -0. */
export const wholeUp = (value: number): number => Math.max(0, Math.ceil(value - 1e-6));

/** Where each started frame counts. */
export const framesIn = (seconds: number): number => wholeUp(24 * seconds);
