import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GroupParent } from './cgroup.ts';
import { findVersion2 } from './cgroup-v2.ts';
import { findGroups, readHierarchies } from './find-cgroups.ts';

const limits = { memoryBytes: 1 << 20, processes: 9 };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agent-registry-cgroup-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (files: Record<string, string>, directory = root) => {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text);
  }
};
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** A directory that looks like a group of version 2, since few machines give tests a real one. */
const find = (files: Record<string, string>) => {
  put(files);
  return findVersion2([{ version: 2, controllers: [], ownPath: root }]);
};

describe('groups of version 2', () => {
  const delegated = { 'cgroup.controllers': 'cpu memory pids\n', 'cgroup.subtree_control': 'memory pids\n' };

  test('carry the limits, and their account is read', () => {
    const { parent } = find(delegated) as { parent: GroupParent };
    const group = parent.create(limits);
    const name = readdirSync(root).find((each) => each.startsWith(`agent-registry-${process.pid}-`)) ?? '';
    expect([read(`${name}/memory.max`), read(`${name}/pids.max`)]).toEqual(['1048576', '9']);
    expect(group.entrances).toEqual([join(root, name, 'cgroup.procs')]);
    put(
      {
        'cgroup.procs': '123\n456\n',
        'memory.current': '1000\n',
        'memory.peak': '2000\n',
        'memory.events': 'low 0\noom 1\noom_kill 3\n',
        'pids.events': 'max 4\n',
        'cpu.stat': 'usage_usec 2500\nuser_usec 1\n',
      },
      join(root, name),
    );
    expect(group.members()).toEqual([123, 456]);
    expect(group.read()).toEqual({
      cpuMs: 2.5,
      memoryBytes: 1000,
      peakMemoryBytes: 2000,
      oomKills: 3,
      refusedForks: 4,
      isStarved: false,
    });
    const above = 'low 0\noom 0\noom_kill 1\n';
    put({ 'memory.events': above, 'pids.events': 'max 0\n' }, join(root, name));
    expect(group.read()).toMatchObject({ oomKills: 0, isStarved: true });
    put({ 'memory.events': 'oom 0\n', 'pids.events': 'max 2\n', 'pids.peak': '5\n' }, join(root, name));
    expect(group.read()).toMatchObject({ refusedForks: 0, isStarved: true });
  });

  test('groups of version 2 are divided by moving into a leaf when the runner is alone', () => {
    const own = { 'cgroup.subtree_control': '\n', 'cgroup.procs': `${process.pid}\n` };
    expect(find({ ...delegated, ...own })).toHaveProperty('parent');
    expect(read('cgroup.subtree_control')).toBe('+memory +pids');
    expect(read(`agent-registry-${process.pid}-runner/cgroup.procs`)).toBe(String(process.pid));
  });

  test('groups of version 2 are left alone when others are in the group, and the reason is told', () => {
    const own = { 'cgroup.subtree_control': '\n', 'cgroup.procs': `1\n${process.pid}\n` };
    expect(find({ ...delegated, ...own })).toEqual({ reason: expect.stringContaining('other processes') });
  });

  test('that lack a controller are not used', () => {
    expect(find({ ...delegated, 'cgroup.controllers': 'cpu\n' })).toEqual({
      reason: 'cgroup v2 here lacks the controllers memory, pids',
    });
    expect(findVersion2([])).toEqual({ reason: 'no cgroup v2 is mounted' });
  });
});

describe("this process's own groups", () => {
  test('groups of version 2 are found through the part of a hierarchy that a container sees', () => {
    const mount = join(root, 'memory');
    mkdirSync(join(mount, 'job'), { recursive: true });
    put({
      mountinfo: `30 20 0:26 /docker/abc ${mount} rw,nosuid - cgroup cgroup rw,memory\n31 20 0:27 / /proc rw - proc proc rw\n`,
      cgroup: '4:memory:/docker/abc/job\n0::/\n',
    });
    expect(readHierarchies(root)).toEqual([
      { version: 1, controllers: ['rw', 'memory'], ownPath: join(mount, 'job') },
    ]);
  });

  test('fall back to the mount itself when the path is outside of what is seen', () => {
    const mount = join(root, 'memory');
    mkdirSync(mount);
    put({
      mountinfo: `30 20 0:26 /docker/abc ${mount} rw - cgroup cgroup rw,memory\n`,
      cgroup: '4:memory:/elsewhere\n',
    });
    expect(readHierarchies(root)[0]?.ownPath).toBe(mount);
  });

  test('groups of version 2 are missing with a reason where nothing is mounted', () => {
    put({ mountinfo: '31 20 0:27 / /proc rw - proc proc rw\n', cgroup: '' });
    expect(findGroups(root)).toEqual({
      reason: expect.stringContaining('cgroup v1 memory controller is absent'),
    });
  });
});
