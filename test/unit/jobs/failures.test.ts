import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Project } from '../../../src/api/types.ts';
import { facts } from '../../fake-api/facts.ts';
import { projectFailure } from '../../../src/jobs/failures.ts';

const failed = (code: string): Project => ({
  id: 'p1',
  status: 'error',
  enabled: true,
  creditsCharged: 0,
  downloads: [],
  error: { code, message: 'words of the server' },
});

for (const code of facts.jobErrors)
  test(`has its own message for the project error ${code}`, () => {
    const failure = projectFailure(failed(code));
    assert.notEqual(failure?.message.key, 'project.failedWords');
  });
