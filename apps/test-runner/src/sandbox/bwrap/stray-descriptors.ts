import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC as /proc writes it: octal flags. */
const closeOnExec = 0o2000000;

/** Descriptors above the standard three that a child would inherit. Node marks all of its own close-on-exec. */
export function strayDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > 2 && isInherited(fd));
}

/**
 * Closes what this process inherited by somebody's mistake: a sandboxed test would inherit it in turn. To be
 * called once at boot.
 */
export function closeStrayDescriptors(): number[] {
  const strays = strayDescriptors();
  for (const fd of strays) {
    closeSync(fd);
  }
  return strays;
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // It was the listing's own.
    return false;
  }
}
