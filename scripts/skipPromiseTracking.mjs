// Preloaded into unit tests. node:test tracks every promise with an async hook only to determine which test an uncaught
// error belongs to. In tests with millions of promises, this takes up to half the time. Without the hook, an uncaught
// error fails the file.
import { createHook } from 'node:async_hooks';

Object.getPrototypeOf(createHook({})).enable = function () {
  return this;
};
