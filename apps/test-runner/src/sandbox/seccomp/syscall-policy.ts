import { syscallNumber } from './syscalls.ts';

/**
 * System calls that a test may make whatever their arguments. The list is of what is allowed: a call that
 * nobody thought of is refused. What is absent and why:
 *
 * - setsockopt: buffers of sockets would hold memory that belongs to no process. The same for shared memory,
 *   message queues, memfd_create, memfd_secret, inotify and io_setup.
 * - mount, namespaces, modules, kexec, clocks, swap, quotas, reboot: administration.
 * - ptrace, process_vm_*, kcmp, pidfd_getfd: other processes' memory and descriptors.
 * - bpf, perf_event_open, userfaultfd, io_uring, keys, fanotify, modify_ldt, vmsplice, open_by_handle_at:
 *   common vectors of sandbox escapes.
 * - seccomp, landlock, lsm_*, statmount: nothing that a test needs, and less kernel to reach.
 * - sync and syncfs reach every disk of the machine.
 * - sysinfo, statfs, mincore and cachestat tell what the rest of the machine does, other sandboxes included.
 */
const allowedNames = `
  read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask
  rt_sigreturn pread64 pwrite64 readv writev access pipe select sched_yield mremap msync  madvise
  dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile connect accept sendto recvfrom sendmsg
  recvmsg shutdown bind listen getsockname getpeername getsockopt fork vfork execve exit wait4 kill uname
   fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink
  symlink readlink chmod fchmod chown fchown lchown umask gettimeofday getrlimit getrusage  times
  getuid getgid setuid setgid geteuid getegid setpgid getppid getpgrp setsid setreuid setregid getgroups
  setgroups setresuid getresuid setresgid getresgid getpgid setfsuid setfsgid getsid capget capset
  rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod  
  getpriority sched_getparam sched_getscheduler
  sched_get_priority_max sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall
  arch_prctl setrlimit gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr
  llistxattr flistxattr removexattr lremovexattr fremovexattr tkill time futex
  sched_getaffinity epoll_create getdents64 set_tid_address restart_syscall fadvise64 timer_create
  timer_settime timer_gettime timer_getoverrun timer_delete clock_gettime clock_getres clock_nanosleep
  exit_group epoll_wait epoll_ctl tgkill utimes waitid ioprio_get openat mkdirat mknodat fchownat
  futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll
  set_robust_list get_robust_list splice tee sync_file_range utimensat epoll_pwait signalfd timerfd_create
  eventfd fallocate timerfd_settime timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3 pipe2
  preadv pwritev rt_tgsigqueueinfo recvmmsg sendmmsg getcpu sched_getattr renameat2
  getrandom execveat membarrier mlock2 copy_file_range pwritev2 pkey_mprotect pkey_alloc pkey_free
  statx rseq pidfd_send_signal pidfd_open close_range openat2 faccessat2 epoll_pwait2 futex_waitv 
  fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue mseal`;

/** Numbers of the system calls that are allowed whatever their arguments. */
export const allowedSyscalls: ReadonlySet<number> = new Set(
  allowedNames
    .trim()
    .split(/\s+/)
    .map((name) => syscallNumber(name)),
);

/** What decides about a system call by one of its arguments (its low 32 bits; `argument` counts from 0). */
export type ArgumentRule =
  | { readonly argument: number; readonly only: readonly number[] }
  | {
      readonly argument: number;
      readonly except: readonly number[];
      readonly pretend?: readonly number[];
    }
  | { readonly argument: number; readonly withoutBits: number };

const AF_UNIX = 1;

/** CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}. CLONE_NEWTIME is no flag of clone: its bit is the exit signal's. */
const newNamespaces = 0x7e020000;

/** Rules for the calls that are allowed with some arguments and refused with others. */
export const argumentRules: ReadonlyMap<number, ArgumentRule> = new Map(
  Object.entries({
    socket: { argument: 0, only: [AF_UNIX] },
    socketpair: { argument: 0, only: [AF_UNIX] },
    clone: { argument: 0, withoutBits: newNamespaces },
    // TIOCSTI types into a terminal; TIOCLINUX pastes into one; TIOCSETD loads line disciplines.
    ioctl: { argument: 1, except: [0x5412, 0x541c, 0x5423] },
    // F_SETPIPE_SZ: a pipe of a megabyte is memory of no process. F_SETLEASE holds up other openers. F_GETLK,
    // F_OFD_GETLK, F_NOTIFY and the write hints F_SET_RW_HINT and F_SET_FILE_RW_HINT carry from one sandbox to another,
    // since all see the same files of /usr and /dev. F_SETLK and the like would too: see pretendedSyscalls.
    fcntl: { argument: 1, except: [1031, 1024, 5, 36, 1026, 1036, 1038], pretend: [6, 7, 37, 38] },
    // RWF_NOWAIT tells whether the kernel has a page of a file in memory, because another sandbox read it, say.
    preadv2: { argument: 5, withoutBits: 8 },
    // PR_SET_DUMPABLE would hide a process from the watchdog; PR_SET_SECCOMP has no use here.
    prctl: { argument: 0, except: [4, 22] },
    // Asking (0xffffffff) and PER_LINUX: the others turn off address randomisation and worse.
    personality: { argument: 0, only: [0, 0xffffffff] },
    // Of itself alone (0): the first process has the script's user, and must be able to report.
    prlimit64: { argument: 0, only: [0] },
    sched_setparam: { argument: 0, only: [0] },
    sched_setscheduler: { argument: 0, only: [0] },
    sched_setattr: { argument: 0, only: [0] },
    setpriority: { argument: 1, only: [0] },
    ioprio_set: { argument: 1, only: [0] },
  } satisfies Record<string, ArgumentRule>).map(([name, rule]) => [syscallNumber(name), rule]),
);

/**
 * Answered as if done. A lock on a file of /usr or a device of /dev would be seen by every sandbox; locks among the
 * processes of one sandbox are given up with them, because programs that lock their own files (SQLite) must still run.
 */
export const pretendedSyscalls: ReadonlySet<number> = new Set([syscallNumber('flock')]);

/** Answered ENOSYS so that the C library falls back to clone, whose flags a filter can read. */
export const absentSyscalls: ReadonlySet<number> = new Set([syscallNumber('clone3')]);
