// `npm run release`: makes the tag of a release when everything is ready for it; pushing the tag publishes
// (.github/workflows/release.yml). `-- --dry-run` only says what is missing. `-- --notes` prints the changes of this
// version, for the release page.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What the changelog says about a version; undefined when it says nothing. */
export function changesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  const section = sections.find(text => text.split(/[\s\n]/, 1)[0] === version);
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}

export interface ReleaseState {
  /** Of package.json. */
  readonly version: string;
  readonly lockVersion: string;
  readonly changelog: string;
  /** What `git status --porcelain` prints. */
  readonly status: string;
  readonly branch: string;
  /** Of this repository, and of where it is pushed to. */
  readonly tags: readonly string[];
}

/** Why this cannot be released, in words; empty when it can. */
export function obstacles({ version, lockVersion, changelog, status, branch, tags }: ReleaseState): string[] {
  const latest = /^## (\S+)/m.exec(changelog)?.[1];
  const found: string[] = [];
  if (status.trim() !== '') found.push('There are changes that are not committed.');
  if (branch !== 'main') found.push(`This is the branch "${branch}". Releases are made from "main".`);
  // The marketplace takes no other versions: pre-releases are told by the minor number, not by a suffix.
  if (!/^\d+\.\d+\.\d+$/.test(version)) found.push(`The version ${version} is not of the form 1.2.3.`);
  if (lockVersion !== version)
    found.push(`package-lock.json has version ${lockVersion}: run "npm install --package-lock-only".`);
  if (latest !== version) found.push(`CHANGELOG.md begins with ${latest}, not with ${version}.`);
  else if (!changesOf(changelog, version)) found.push(`CHANGELOG.md says nothing about ${version}.`);
  if (tags.includes(`v${version}`)) found.push(`There is a tag v${version} already.`);
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

  const found = obstacles({
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

/** None when there is no such place. */
function remoteTags(): string[] {
  if (!git('remote').split('\n').includes('origin')) return [];
  return git('ls-remote', '--tags', 'origin')
    .split('\n')
    .map(line => line.replace(/^.*refs\/tags\//, ''));
}

if (import.meta.main) main();
