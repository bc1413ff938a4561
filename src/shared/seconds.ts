/** Parses `90`, `90.5`, `90,5`, `1:30.5`, or `1:02:03` as seconds. Returns undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (!/^(?:\d+:){0,2}(?:\d+\.?\d*|\.\d+)$/.test(trimmed)) return undefined;
  const parts = trimmed.split(':').map(Number);
  if (parts.slice(1).some(part => part >= 60)) return undefined;
  const seconds = parts.reduce((total, part) => total * 60 + part, 0);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Formats seconds for the form's number fields: at most two decimals, never rounded up. */
export function formatSeconds(seconds: number): string {
  return String(Math.floor(seconds * 100 + 1e-6) / 100);
}
