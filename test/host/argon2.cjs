// Stands in for the native module argon2, which older releases of code-server load at once: it checks passwords,
// and hosts for tests have none.
'use strict';

exports.hash = exports.verify = async () => {
  throw new Error('no passwords here');
};
