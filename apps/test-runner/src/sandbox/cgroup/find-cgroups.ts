import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { GroupParent, Hierarchy } from './cgroup.ts';
import { findVersion1 } from './cgroup-v1.ts';
import { findVersion2 } from './cgroup-v2.ts';

/** The first kind of group that can limit memory here, or why there is none. */
export function findGroups(proc: string = '/proc/self'): { parent: GroupParent } | { reason: string } {
  const hierarchies = readHierarchies(proc);
  const reasons: string[] = [];
  for (const find of [findVersion2, findVersion1]) {
    const found = find(hierarchies);
    if ('parent' in found) {
      return found;
    }
    reasons.push(found.reason);
  }
  return { reason: reasons.join('; ') };
}

/** Reads /proc/self/mountinfo and /proc/self/cgroup. A container may see only a part of the hierarchy. */
export function readHierarchies(proc: string): Hierarchy[] {
  const own = readOwnGroups(proc);
  const found: Hierarchy[] = [];
  for (const line of readFileSync(join(proc, 'mountinfo'), 'utf8').split('\n')) {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const [type = '', , options = ''] = filesystem.split(' ');
    const fields = mount.split(' ');
    const [root = '/', mountPoint = ''] = [fields[3], fields[4]];
    if (type !== 'cgroup' && type !== 'cgroup2') {
      continue;
    }
    const controllers = type === 'cgroup2' ? [] : options.split(',');
    const path = type === 'cgroup2' ? own.get('') : controllers.map((name) => own.get(name)).find(Boolean);
    if (path === undefined) {
      continue;
    }
    const inside = relative(root, path);
    const ownPath = join(mountPoint, inside.startsWith('..') ? '' : inside);
    if (existsSync(ownPath)) {
      found.push({ version: type === 'cgroup2' ? 2 : 1, controllers, ownPath });
    }
  }
  return found;
}

/** Controller name to the path of this process's group; '' is the unified hierarchy. */
function readOwnGroups(proc: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of readFileSync(join(proc, 'cgroup'), 'utf8').split('\n')) {
    const [id = '', controllers = '', ...path] = line.split(':');
    if (id !== '') {
      for (const controller of controllers.split(',')) {
        groups.set(controller, path.join(':'));
      }
    }
  }
  return groups;
}
