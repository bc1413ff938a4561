/** Measurements of tests, printed by the runner. */
export const notes: string[] = [];
