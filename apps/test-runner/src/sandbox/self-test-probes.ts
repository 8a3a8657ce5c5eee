import type { ScriptLimits, ScriptOutcome } from '../backend.ts';

/** What the probes must not be able to reach: made by the self-test just for them. */
export interface Bait {
  /** A file of the runner's. */
  readonly file: string;
  /** A port of 127.0.0.1 that the runner listens on. */
  readonly port: number;
}

/** One question to the sandbox. `script` runs as `bash:5`; `flaw` says what is wrong with its ending, if anything. */
export interface Probe {
  readonly name: 'surroundings' | 'fork' | 'memory' | 'disk';
  readonly limits: Partial<ScriptLimits>;
  script(bait: Bait): string;
  flaw(ended: ScriptOutcome): string | null;
}

/** Says each thing that it could do and should not. Descriptor 63 is bash's own, of the script that it reads. */
const surroundings = ({ file, port }: Bait) => `
bad() { echo "$1"; }
{ exec 9<>/dev/tcp/127.0.0.1/${port}; } 2>/dev/null && bad 'reached the loopback of the host'
{ exec 9<>/dev/udp/192.0.2.1/9; } 2>/dev/null && bad 'made an internet socket'
[ "$(grep -c : /proc/net/dev)" -le 1 ] || bad 'has a network interface'
cat '${file}' >/dev/null 2>&1 && bad 'read a file of the host'
for path in /etc/passwd /root /home /var /run /proc/1/environ /proc/1/mem; do
  [ -e "$path" ] && bad "saw $path"
done
for path in / /usr /dev /proc /input /runtime /input/result.json; do
  { : >"$path/x"; } 2>/dev/null && bad "wrote to $path"
done
{ : >/input/result.json; } 2>/dev/null && bad 'wrote to its input'
ids=(/proc/[0-9]*)
[ "\${#ids[@]}" -le 4 ] || bad 'saw processes of others'
fds=(/proc/self/fd/*)
for fd in "\${fds[@]}"; do
  case "\${fd##*/}" in 0 | 1 | 2 | 3 | 63) ;; *) [ -e "$fd" ] && bad "inherited descriptor \${fd##*/}" ;; esac
done
while read -r key value; do
  case "$key $value" in
    'Seccomp: 2' | 'NoNewPrivs: 1' | 'CapEff: 0000000000000000' | 'CapBnd: 0000000000000000') ;;
    Seccomp:* | NoNewPrivs:* | CapEff:* | CapBnd:*) bad "has $key $value" ;;
  esac
done </proc/self/status
(unshare -U true) 2>/dev/null && bad 'made a user namespace'
(mount -t tmpfs none /tmp) 2>/dev/null && bad 'mounted a file system'
[ "$(cat /input/result.json)" = '{"probe":true}' ] || bad 'did not find its input'
echo written >/tmp/x && [ "$(cat /tmp/x)" = written ] || bad 'could not write to /tmp'
echo end`;

const outcomeIs = (expected: ScriptOutcome['outcome']) => (ended: ScriptOutcome) =>
  ended.outcome === expected ? null : `ended as ${ended.outcome} instead of ${expected}`;

/** In the order in which they are put: later ones trust what earlier ones found. */
export const probes: readonly Probe[] = [
  {
    name: 'surroundings',
    limits: {},
    script: surroundings,
    flaw: ({ outcome, stdout }) =>
      outcome === 'passed' && stdout === 'end\n'
        ? null
        : `ended as ${outcome}, and said ${stdout.trim().split('\n').join(', ') || 'nothing'}`,
  },
  {
    name: 'fork',
    limits: { processes: 24 },
    script: () => 'for i in {1..200}; do sleep 30 & done 2>/dev/null; sleep 30',
    flaw: outcomeIs('processes'),
  },
  {
    name: 'memory',
    limits: { memoryBytes: 64 * 1024 * 1024 },
    // Four times 24 MiB, each below what one process may have, and kept: seen late, it is seen all the same.
    script: () =>
      'for i in 1 2 3 4; do { head -c 24M /dev/zero; sleep 30; } | tail -c 24M >/dev/null & done; wait',
    flaw: outcomeIs('memory'),
  },
  {
    name: 'disk',
    limits: { diskFiles: 100 },
    script: () => 'for i in {1..2000}; do : >/tmp/$i; done; sleep 1',
    flaw: outcomeIs('disk'),
  },
];
