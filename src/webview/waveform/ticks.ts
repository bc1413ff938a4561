const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Returns the interval between ruler labels, in seconds, that leaves at least `room` pixels for each label. */
export function tickStep(secondsPerPixel: number, room: number): number {
  return steps.find(step => step / secondsPerPixel >= room) ?? 7200;
}
