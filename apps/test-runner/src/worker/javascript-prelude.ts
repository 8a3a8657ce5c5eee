/**
 * Runs inside QuickJS before the script, and returns what the host calls. It keeps the functions it needs,
 * so that a script that replaces built-ins changes its own world only. No clock and no randomness is left.
 */
export const prelude = `((write, end, maxText) => {
  'use strict';
  const { defineProperty } = Object;
  const call = Function.prototype.call.bind.bind(Function.prototype.call);
  const slice = call(String.prototype.slice);
  const then = call(Promise.prototype.then);
  const { parse, stringify } = JSON;
  const text = String;
  const cut = (line) => (line.length > maxText ? slice(line, 0, maxText) : line);
  const show = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null) {
      try {
        const json = stringify(value);
        if (typeof json === 'string') return json;
      } catch {}
    }
    return typeof value === 'symbol' ? 'Symbol' : text(value);
  };
  const line = (values) => {
    let out = '';
    for (let i = 0; i < values.length; i += 1) {
      out += (i === 0 ? '' : ' ') + cut(show(values[i]));
      if (out.length > maxText) break;
    }
    return cut(out) + '\\n';
  };
  const out = (...values) => { write(1, line(values)); };
  const err = (...values) => { write(2, line(values)); };
  const define = (target, name, value) =>
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  const console = {};
  for (const name of ['log', 'info', 'debug']) define(console, name, out);
  for (const name of ['error', 'warn', 'trace']) define(console, name, err);
  define(globalThis, 'console', console);
  define(globalThis, 'print', out);
  const { isInteger } = Number;
  define(globalThis, 'exit', (code = 0) => {
    if (!isInteger(+code)) throw new TypeError('an exit code is a whole number');
    end(+code);
  });
  delete globalThis.Date;
  delete globalThis.performance;
  delete Math.random;
  const describe = (error) => {
    try {
      if (typeof error === 'object' && error !== null) {
        const { name, message, stack } = error;
        if (typeof message === 'string') {
          return cut(text(name) + ': ' + message + '\\n' + (typeof stack === 'string' ? stack : ''));
        }
      }
      return cut('thrown: ' + show(error) + '\\n');
    } catch {
      return 'thrown: a value that cannot be shown\\n';
    }
  };
  const tell = (error) => { write(2, describe(error)); };
  return {
    give: (json) => define(globalThis, 'deliverable', parse(json)),
    tell,
    fail: (error) => { tell(error); end(1); },
    follow: (promise, done) => {
      then(promise, () => done(), (error) => { tell(error); end(1); });
    },
  };
})`;
