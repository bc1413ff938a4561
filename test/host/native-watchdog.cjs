// Replaces the native module @vscode/native-watchdog, which isn't compiled for tests. Exits when the server that
// started this extension host has ended. Without it, every extension host logs an error at startup.
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
