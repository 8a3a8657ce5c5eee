// The container's system calls in Docker: those that Docker allows by default on 64-bit Linux, and those that bubblewrap needs to
// build a sandbox. They are no way past the container: each works only inside a user namespace of the caller's own.

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** What Docker's default profile allows a process without added capabilities, by subject. */
const usual: Readonly<Record<string, string>> = {
  processes: `execve execveat exit exit_group fork vfork wait4 waitid getpid getppid gettid getpgid getpgrp getsid setpgid setsid
    kill tkill tgkill pidfd_open pidfd_send_signal process_mrelease prctl rseq set_robust_list get_robust_list set_tid_address
    getcpu membarrier ptrace process_vm_readv process_vm_writev arch_prctl modify_ldt seccomp restart_syscall chroot`,
  users: `getuid geteuid getgid getegid getgroups getresuid getresgid setuid setgid setreuid setregid setresuid setresgid
    setfsuid setfsgid setgroups capget capset umask`,
  limits: `getrlimit setrlimit prlimit64 getrusage getpriority setpriority ioprio_get ioprio_set sysinfo uname times
    sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler
    sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval`,
  signals: `rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo
    rt_sigsuspend sigaltstack signalfd signalfd4 pause alarm`,
  memory: `brk mmap munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall remap_file_pages
    memfd_create memfd_secret pkey_alloc pkey_free pkey_mprotect shmget shmat shmctl shmdt`,
  files: `open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv preadv2 pwritev pwritev2
    lseek dup dup2 dup3 fcntl flock fsync fdatasync sync syncfs sync_file_range truncate ftruncate fallocate fadvise64 readahead
    sendfile splice tee vmsplice copy_file_range ioctl pipe pipe2 name_to_handle_at`,
  names: `stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 chdir fchdir getcwd mkdir mkdirat rmdir
    rename renameat renameat2 link linkat symlink symlinkat readlink readlinkat unlink unlinkat mknod mknodat getdents
    getdents64 chmod fchmod fchmodat fchmodat2 chown fchown fchownat lchown utime utimes utimensat futimesat
    getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr removexattr lremovexattr
    fremovexattr inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark
    landlock_create_ruleset landlock_add_rule landlock_restrict_self`,
  waiting: `poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait
    epoll_pwait2 eventfd eventfd2 futex futex_waitv io_setup io_submit io_cancel io_destroy io_getevents io_pgetevents`,
  time: `time gettimeofday clock_gettime clock_getres clock_nanosleep clock_adjtime adjtimex nanosleep getitimer setitimer
    timer_create timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime`,
  network: `socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt sendto sendmsg
    sendmmsg recvfrom recvmsg recvmmsg`,
  messages: `msgget msgsnd msgrcv msgctl semget semop semtimedop semctl mq_open mq_unlink mq_timedsend mq_timedreceive
    mq_notify mq_getsetattr`,
  random: 'getrandom',
};

/** What bubblewrap needs on top. */
export const SANDBOX_CALLS = [
  'clone',
  'clone3',
  'unshare',
  'setns',
  'mount',
  'umount2',
  'pivot_root',
  'sethostname',
] as const;

const vsockFamily = 40;
// The plain personality, and those of 32-bit programs and of old memory layouts that debuggers ask for; and the question which it is.
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

const allow = 'SCMP_ACT_ALLOW';

/** A profile as Docker reads it: everything that is not named fails with EPERM. */
export const seccompProfile = () => ({
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
  ],
  syscalls: [
    { names: Object.values(usual).flatMap(words).sort(), action: allow },
    { names: [...SANDBOX_CALLS], action: allow },
    { names: ['socket'], action: allow, args: [{ index: 0, value: vsockFamily, op: 'SCMP_CMP_NE' }] },
    ...personalities.map((value) => ({
      names: ['personality'],
      action: allow,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
    })),
  ],
});
