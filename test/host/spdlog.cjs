// Replaces the native module @vscode/spdlog, which isn't compiled for tests. Without it, VS Code writes no log files,
// and searching them for secrets would prove nothing. Has the same API, but no rotation. Each message is appended
// synchronously and opens the file again, so that a test can delete the folder at any time.
'use strict';
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  #file;
  #level = 2;
  #pattern = true;

  constructor(_kind, _name, file) {
    this.#file = file;
  }

  #write(level, message) {
    if (level < this.#level) return;
    const line = this.#pattern ? `${new Date().toISOString()} [${names[level]}] ${message}\n` : message;
    mkdirSync(dirname(this.#file), { recursive: true });
    appendFileSync(this.#file, line);
  }

  trace(message) {
    this.#write(0, message);
  }
  debug(message) {
    this.#write(1, message);
  }
  info(message) {
    this.#write(2, message);
  }
  warn(message) {
    this.#write(3, message);
  }
  error(message) {
    this.#write(4, message);
  }
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  setPattern() {
    this.#pattern = true;
  }
  clearFormatters() {
    this.#pattern = false;
  }
  flush() {}
  drop() {}
}

const create = async (name, file) => new Logger('rotating', name, file);

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
