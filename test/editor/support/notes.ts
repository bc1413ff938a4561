/** Figures that tests have measured; the runner prints them. */
export const notes: string[] = [];
