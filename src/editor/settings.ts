import * as vscode from 'vscode';

/** A setting whose value is always current. All `magicHour.*` settings are read here. */
export interface Setting<T> {
  readonly value: T;
  valueFor(resource: vscode.Uri | undefined): T;
}

function setting<T>(name: string, fallback: T, accept = (value: T): T => value): Setting<T> {
  const valueFor = (resource?: vscode.Uri) => {
    const value = vscode.workspace.getConfiguration(undefined, resource).get<T>(name, fallback);
    return typeof value === typeof fallback ? accept(value) : fallback;
  };
  return {
    get value() {
      return valueFor();
    },
    valueFor,
  };
}

export const settings = {
  apiUrl: setting('magicHour.apiUrl', 'https://api.magichour.ai'),
  outputFolder: setting('magicHour.outputFolder', ''),
  outputName: setting('magicHour.outputName', ''),
  openResult: setting<string>('magicHour.openResult', 'ask'),
  uploadOnlyClip: setting('magicHour.uploadOnlyClip', true),
  agentDailyCredits: setting('magicHour.agentDailyCredits', 500),
  maxConcurrentJobs: setting('magicHour.maxConcurrentJobs', 4, value => Math.max(1, Math.floor(value))),
} as const;
