import { randomBytes } from 'node:crypto';

/** What one sandbox may use, as its group enforces it. */
export interface GroupLimits {
  readonly memoryBytes: number;
  readonly processes: number;
}

/** What the kernel has counted of a group. Null where this hierarchy does not say. */
export interface GroupUsage {
  readonly cpuMs: number | null;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
  /** Processes that the kernel killed because the group was at its bound on memory. */
  readonly oomKills: number;
  /** Forks that failed because the group was at its bound on processes. */
  readonly refusedForks: number;
  /** Either happened with the group below its bound: a group above it, the container's say, was at its own. */
  readonly isStarved: boolean;
}

/** The control group of one sandbox. */
export interface Group {
  /**
   * Control files. A process that writes 0 to each is in the group, with all that it starts; the kernel asks for the
   * permissions of whoever opened them.
   */
  readonly entrances: readonly string[];
  limit(limits: GroupLimits): void;
  /** Usage so far. Throws when the group is gone. */
  read(): GroupUsage;
  /** Process ids still in it, as this process numbers them. */
  members(): number[];
  /** Removes the group; false while the kernel reports it busy (EBUSY). */
  remove(): boolean;
}

/** Where groups can be made. `kind` is what isolation reports say. */
export interface GroupParent {
  readonly kind: 'cgroup-v1' | 'cgroup-v2';
  create(limits: GroupLimits): Group;
  /** Removes groups that dead runners left here, and undoes what was made at boot. */
  close(): void;
}

/** A hierarchy that is mounted, and the directory in it that this process's own group is. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly ownPath: string;
}

/** Names start with this and the runner's process id, so that the next runner can clear up after a kill. */
export const groupPrefix = 'agent-registry-';

/** Creates groups under numbered names, which are one backend's alone: a process may have several backends. */
export function numberGroups(create: (name: string, limits: GroupLimits) => Group): GroupParent['create'] {
  const prefix = `${groupPrefix}${process.pid}-${randomBytes(4).toString('hex')}-`;
  let made = 0;
  return (limits) => {
    made += 1;
    return create(`${prefix}${made}`, limits);
  };
}
