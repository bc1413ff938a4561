import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { changesOf, blockers } from '../../scripts/release.ts';

const changelog = '# Changelog\n\n## 1.2.0\n\n- New.\n\n### Fixed\n\n- Old.\n\n## 1.1.0\n\n- First.\n';
const ready = {
  version: '1.2.0',
  lockVersion: '1.2.0',
  changelog,
  status: '',
  branch: 'main',
  tags: ['v1.1.0', 'v1.2.0-draft'],
};

suite('a release', () => {
  test('is possible when everything is ready', () => {
    assert.deepEqual(blockers(ready), []);
  });

  for (const [what, changes, words] of [
    ['uncommitted changes', { status: ' M src/extension.ts\n' }, /uncommitted/],
    ['another branch', { branch: 'fix' }, /"fix"/],
    ['a version with a suffix', { version: '1.2.0-beta' }, /must have the form/],
    ['another version in the lock file', { lockVersion: '1.1.0' }, /package-lock/],
    ['an outdated changelog', { changelog: changelog.replace('## 1.2.0', '## 1.1.9') }, /1\.1\.9/],
    ['a changelog without changes', { changelog: '## 1.2.0\n\n## 1.1.0\n\n- First.\n' }, /lists no changes/],
    ['an existing tag', { tags: ['v1.2.0'] }, /tag v1\.2\.0/],
  ] as const) {
    test(`is blocked by ${what}`, () => {
      const [first, ...others] = blockers({ ...ready, ...changes });
      assert.match(first ?? '', words);
      // A version with a suffix matches neither the lock file nor the changelog.
      if (!('version' in changes)) assert.deepEqual(others, []);
    });
  }

  test('has notes with the changes of its version', () => {
    assert.equal(changesOf(changelog, '1.2.0'), '- New.\n\n### Fixed\n\n- Old.');
    assert.equal(changesOf(changelog.replaceAll('\n', '\r\n'), '1.1.0'), '- First.');
    assert.equal(changesOf(changelog, '1.0.0'), undefined);
    assert.equal(changesOf(changelog, '1.2'), undefined);
  });
});
