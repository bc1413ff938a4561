// Preloaded into unit tests. node:test tracks every promise with an async hook, only to tell which test an uncaught error
// belongs to. That takes up to half the time of tests with millions of promises. Without it, such an error fails the file.
import { createHook } from 'node:async_hooks';

Object.getPrototypeOf(createHook({})).enable = function () {
  return this;
};
