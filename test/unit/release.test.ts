import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { changesOf, obstacles } from '../../scripts/release.ts';

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
  test('can be made when all is ready', () => {
    assert.deepEqual(obstacles(ready), []);
  });

  for (const [what, changes, words] of [
    ['changes that are not committed', { status: ' M src/extension.ts\n' }, /not committed/],
    ['another branch', { branch: 'fix' }, /"fix"/],
    ['a version with a suffix', { version: '1.2.0-beta' }, /of the form/],
    ['another version in the lock file', { lockVersion: '1.1.0' }, /package-lock/],
    [
      'a changelog that is not up to date',
      { changelog: changelog.replace('## 1.2.0', '## 1.1.9') },
      /1\.1\.9/,
    ],
    ['a changelog without words', { changelog: '## 1.2.0\n\n## 1.1.0\n\n- First.\n' }, /says nothing/],
    ['a tag that is there already', { tags: ['v1.2.0'] }, /tag v1\.2\.0/],
  ] as const) {
    test(`is held up by ${what}`, () => {
      const [first, ...others] = obstacles({ ...ready, ...changes });
      assert.match(first ?? '', words);
      // A version with a suffix fits neither lock file nor changelog.
      if (!('version' in changes)) assert.deepEqual(others, []);
    });
  }

  test('has the changes of its version as notes', () => {
    assert.equal(changesOf(changelog, '1.2.0'), '- New.\n\n### Fixed\n\n- Old.');
    assert.equal(changesOf(changelog.replaceAll('\n', '\r\n'), '1.1.0'), '- First.');
    assert.equal(changesOf(changelog, '1.0.0'), undefined);
    assert.equal(changesOf(changelog, '1.2'), undefined);
  });
});
