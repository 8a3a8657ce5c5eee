import { spawn } from 'node:child_process';

// The shell waits for a line that never comes: the pipe closes when this process ends, even by kill -9. It then ends the
// watched process, first by a signal that it can handle, after the grace by SIGKILL.
// What has ended but is not reaped, as in a container without an init, is not alive.
const script = `
alive() { kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }
read -r line
[ "$line" = released ] && exit 0
kill -s "$2" "$1" 2>/dev/null
i=0
while [ "$i" -lt "$3" ] && alive "$1"; do sleep 0.2; i=$((i + 1)); done
kill -s KILL "$1" 2>/dev/null
kill -s KILL -- "-$1" 2>/dev/null
[ -n "$4" ] && rm -rf -- "$4"
exit 0
`;
const pollsPerSecond = 5;

export interface DeathWatch {
  /** Ends the watch; call it when the watched process has ended. */
  release(): void;
}

/**
 * Ends another process when this one dies, whatever it dies of, and then what is left of its process group: it must have
 * been spawned `detached`, so that the group is its own. `signal` asks it to end, SIGKILL follows after
 * `graceSeconds`. `removeDirectory` is deleted afterwards (for what was temporary).
 */
export function endWithThisProcess(
  pid: number,
  options: { signal: 'INT' | 'TERM'; graceSeconds: number; removeDirectory?: string },
): DeathWatch {
  const polls = String(options.graceSeconds * pollsPerSecond);
  const args = [
    '-c',
    script,
    'death-watch',
    String(pid),
    options.signal,
    polls,
    options.removeDirectory ?? '',
  ];
  const watch = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  watch.on('error', () => undefined); // Without a shell the next start still finds the orphan.
  watch.stdin.on('error', () => undefined);
  watch.unref();
  (watch.stdin as unknown as { unref(): void }).unref();
  return { release: () => watch.stdin.end('released\n') };
}
