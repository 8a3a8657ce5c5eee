/**
 * Bootstrap of a pre-warmed interpreter: waits for one byte on standard input, replaces that by /dev/null, reports on
 * descriptor 8 that it begins, and becomes the script, which finds the same environment as in an interpreter that was not
 * pre-warmed. What a script's start needs is loaded beforehand.
 */

/** Nearly every test reads the deliverable with json. The first use of compile() takes Python a millisecond. */
export const pythonHarness = `import json, os, sys

compile('', '', 'exec')

def show(kind, error, trace):
    own = trace.tb_next if trace is not None else None
    sys.__excepthook__(kind, error.with_traceback(own), own)

if os.read(0, 1):
    null = os.open('/dev/null', os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.write(8, b'begun\\n')
    os.close(8)
    path = '/input/script.py'
    sys.argv[:] = [path]
    main = type(sys)('__main__')
    main.__file__ = path
    main.__cached__ = None
    main.__loader__ = type(__loader__)('__main__', path)
    main.__annotations__ = {}
    main.__builtins__ = __builtins__
    sys.modules['__main__'] = main
    sys.excepthook = show
    with open(path, 'rb') as file:
        source = file.read()
    exec(compile(source, path, 'exec'), main.__dict__)
`;

export const nodeHarness = `'use strict';
const fs = require('node:fs');
const { runMain } = require('node:module');
if (fs.readSync(0, Buffer.alloc(1), 0, 1) === 1) {
  fs.closeSync(0);
  fs.openSync('/dev/null', 'r');
  fs.writeSync(8, 'begun\\n');
  fs.closeSync(8);
  process.argv[1] = '/input/script.js';
  runMain(process.argv[1]);
}
`;

export const bashHarness = `read -r -N 1 _ || exit 0
echo begun >&8
exec /usr/bin/bash --noprofile --norc /input/script.sh </dev/null 8>&-
`;

/**
 * The first process of the sandbox. It reads what to run as one line of words, after the limits to run it in, and
 * reports on descriptor 5, which the script does not get: that the sandbox stands, then the processor time of what
 * it waited for. It ends when the runner, having measured what is left, closes standard input; with it ends every
 * process in its namespace. The kernel spares a first process all signals that it does not handle; a shell handles some by
 * ending, so it is told to do nothing instead, and in the end to ignore them, because even a signal to which nothing
 * is done would end its last wait. Shells differ in what they call the limit on processes.
 */
export const initScript = `signals='HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM SYS'
trap : $signals
echo ready >&5
read -r words || exit 1
set -f
set -- $words
exec 7>&2 2>/dev/null
ulimit -u $1 || ulimit -p $1 || exit 1
ulimit -t $2 && ulimit -f $3 && ulimit -d $4 && ulimit -n $5 || exit 1
input=$6
shift 6
case $input in
  nothing) "$@" </dev/null 2>&7 7>&- 5>&- ;;
  runner) "$@" 2>&7 7>&- 8>&5 5>&- ;;
  program)
    for w; do w=$(printf %b. "\${w#=}"); shift; set -- "$@" "\${w%.}"; done
    "$@" </input/stdin 2>&7 7>&- 5>&- ;;
esac
s=$?
trap '' $signals
{ echo "exit $s"; times; echo done; } >&5
read -r _
exit $s`;
