// Replaces the native module argon2, which isn't compiled for tests. Older releases of code-server load it at startup
// for checking passwords, but test servers have no password.
'use strict';

exports.hash = exports.verify = async () => {
  throw new Error('not available in tests');
};
