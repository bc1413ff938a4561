// Replaces the native module argon2, which isn't compiled for tests. Older releases of code-server load it at startup to
// check passwords, which test servers don't have.
'use strict';

exports.hash = exports.verify = async () => {
  throw new Error('not available in tests');
};
