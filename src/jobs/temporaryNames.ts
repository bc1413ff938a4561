const pattern = /^\.([0-9a-z]+)-[0-9a-f]+\.tmp$/;

/** A name for a file that is written and then given its place. Says when, so that leftovers of a crash can be told. */
export const temporaryName = (now: number, chance: string): string => `.${now.toString(36)}-${chance}.tmp`;

/** When a file of such a name was begun; undefined for any other name. */
export function temporarySince(name: string): number | undefined {
  const since = pattern.exec(name)?.[1];
  return since === undefined ? undefined : Number.parseInt(since, 36);
}
