// `npm run release` creates the tag for a release if everything is ready. Pushing the tag publishes the release
// (.github/workflows/release.yml). `-- --dry-run` only lists what's missing. `-- --notes` prints the version's changes
// for the release page.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Returns a version's section of the changelog, or undefined if there is none. */
export function changesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  const section = sections.find(text => text.split(/[\s\n]/, 1)[0] === version);
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}

export interface ReleaseState {
  /** The version in package.json. */
  readonly version: string;
  readonly lockVersion: string;
  readonly changelog: string;
  /** The output of `git status --porcelain`. */
  readonly status: string;
  readonly branch: string;
  /** The tags in this repository and its remote. */
  readonly tags: readonly string[];
}

/** Returns the reasons why this version can't be released. Empty if it can be released. */
export function blockers({ version, lockVersion, changelog, status, branch, tags }: ReleaseState): string[] {
  const latest = /^## (\S+)/m.exec(changelog)?.[1];
  const found: string[] = [];
  if (status.trim() !== '') found.push('There are uncommitted changes.');
  if (branch !== 'main') found.push(`The branch is "${branch}", but releases are created from "main".`);
  // The Marketplace accepts only this form. Pre-releases use a different minor version instead of a suffix.
  if (!/^\d+\.\d+\.\d+$/.test(version)) found.push(`The version ${version} must have the form 1.2.3.`);
  if (lockVersion !== version)
    found.push(`package-lock.json has version ${lockVersion}: run "npm install --package-lock-only".`);
  if (latest !== version) found.push(`CHANGELOG.md starts with ${latest} instead of ${version}.`);
  else if (!changesOf(changelog, version)) found.push(`CHANGELOG.md lists no changes for ${version}.`);
  if (tags.includes(`v${version}`)) found.push(`The tag v${version} already exists.`);
  return found;
}

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();

function main(): void {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean' }, notes: { type: 'boolean' } },
  });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  if (values.notes) return console.log(changesOf(changelog, version) ?? '');

  const found = blockers({
    version,
    lockVersion: JSON.parse(readFileSync('package-lock.json', 'utf8')).version,
    changelog,
    status: git('status', '--porcelain'),
    branch: git('branch', '--show-current'),
    tags: [...git('tag').split('\n'), ...remoteTags()],
  });
  for (const words of found) console.error(`✖ ${words}`);
  if (found.length > 0) process.exitCode = 1;
  else if (values['dry-run']) console.log(`✔ ${version} can be released: npm run release`);
  else {
    git('tag', '--annotate', `v${version}`, '--message', `${version}\n\n${changesOf(changelog, version)}`);
    console.log(`✔ Tagged v${version}. To publish it: git push origin main v${version}`);
  }
}

/** Returns the remote's tags, or none if there is no remote. */
function remoteTags(): string[] {
  if (!git('remote').split('\n').includes('origin')) return [];
  return git('ls-remote', '--tags', 'origin')
    .split('\n')
    .map(line => line.replace(/^.*refs\/tags\//, ''));
}

if (import.meta.main) main();
