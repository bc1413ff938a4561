// Stands in for the native module @vscode/native-watchdog, which is not compiled for tests: ends the extension
// host when the server that started it is gone. Without it every extension host logs an error at its start.
'use strict';

exports.start = parent => {
  const timer = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(87);
    }
  }, 1000);
  timer.unref();
};
