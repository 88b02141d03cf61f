// Runs one job at a time, which is tasks 0 .. tasks - 1 of one kernel, on any number of threads that share the memory.
//
// The ticket is one 64-bit word, [tasks : 32][next : 32]. The kernel and its arguments are written before the ticket and
// stay until every task is done. A thread that takes a task therefore reads the kernel and arguments of the same job, even
// if it has looked at an older ticket before.
import { dispatch } from "./dispatch"; // written by scripts/build-kernels.mjs: a case for each kernel
import { now } from "./host";

// Offsets of the shared words, in separate cache lines so that threads that poll one word do not slow down writes to another.
const TICKET: usize = 0;
/** Tasks done of the current job. */
const DONE: usize = 64;
/** 1 while the caller sleeps until all tasks are done. */
const CALLER_WAITS: usize = 68;
/** Incremented with each job; sleeping workers wait on it. */
const SIGNAL: usize = 128;
/** 1 tells the workers to return. */
const STOP: usize = 132;
/** Workers that sleep, or that slept when they were terminated: 0 means that no worker needs to be woken. */
const SLEEPING: usize = 136;
const KERNEL: usize = 192;
/** The 16 bytes before them stay 0, for `kept` of vector.ts. */
const ARGUMENTS: usize = 256;
/** The longest arguments of a kernel, in whole 16 bytes. */
const ARGUMENT_BYTES: usize = 176;

const NEXT_MASK: u64 = 0xffffffff;
/** How often a thread polls before it sleeps, about 50 µs. */
const SPINS = 4000;
/** How long the caller sleeps before it checks for progress, in nanoseconds and milliseconds. */
const NAP: i64 = 20_000_000;
const NAP_MILLISECONDS: f64 = 20;
const TIMED_OUT = 2;
/** The most milliseconds that count as waiting between two checks: a longer pause means that the machine was suspended. */
const LONGEST_LOOK: f64 = 100;

/** Takes the next task of the current job, or -1. */
function take(control: usize): i32 {
  let ticket = atomic.load<u64>(control + TICKET);
  while ((ticket & NEXT_MASK) < ticket >> 32) {
    const seen = atomic.cmpxchg<u64>(control + TICKET, ticket, ticket + 1);
    if (seen == ticket) return <i32>(ticket & NEXT_MASK);
    ticket = seen;
  }
  return -1;
}

function runTasks(control: usize, thread: u32): void {
  for (let task = take(control); task >= 0; task = take(control)) {
    const tasks = <i32>(atomic.load<u64>(control + TICKET) >> 32);
    dispatch(load<u32>(control + KERNEL), control + ARGUMENTS, task, thread);
    const done = atomic.add<i32>(control + DONE, 1) + 1;
    if (done == tasks && atomic.load<i32>(control + CALLER_WAITS) == 1) atomic.notify(control + DONE, 1);
  }
}

/** The loop of a worker, which returns when the pool stops. */
export function serve(control: usize, thread: u32): void {
  for (;;) {
    const seen = atomic.load<i32>(control + SIGNAL); // read before the work, so that a job which arrives meanwhile is not missed
    if (atomic.load<i32>(control + STOP) == 1) return;
    runTasks(control, thread);
    awaitSignal(control, seen);
  }
}

function awaitSignal(control: usize, seen: i32): void {
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(control + SIGNAL) != seen) return;
  atomic.add<i32>(control + SLEEPING, 1);
  atomic.wait<i32>(control + SIGNAL, seen, -1);
  atomic.sub<i32>(control + SLEEPING, 1);
}

/** Tells the workers to return once they are idle. */
export function stop(control: usize): void {
  atomic.store<i32>(control + STOP, 1);
  atomic.add<i32>(control + SIGNAL, 1);
  atomic.notify(control + SIGNAL, -1);
}

/** Runs all tasks on this thread. */
export function runAlone(control: usize, kernel: u32, tasks: i32): void {
  for (let task = 0; task < tasks; task++) dispatch(kernel, control + ARGUMENTS, task, 0);
}

/**
 * Runs all tasks on this thread and the workers.
 *
 * @param mayWait whether this thread may sleep, which a page's main thread may not
 * @param patience milliseconds without any progress after which a worker counts as dead
 * @returns whether all tasks were done; if not, a worker died during one, and these words must not be used for another job
 */
export function runShared(control: usize, kernel: u32, tasks: i32, mayWait: bool, patience: f64): bool {
  store<u32>(control + KERNEL, kernel);
  atomic.store<i32>(control + DONE, 0);
  atomic.store<u64>(control + TICKET, (<u64>tasks) << 32);
  atomic.add<i32>(control + SIGNAL, 1);
  if (atomic.load<i32>(control + SLEEPING) > 0) atomic.notify(control + SIGNAL, tasks - 1);
  runTasks(control, 0);
  return awaitDone(control, tasks, mayWait, patience);
}

/** Bytes of a job in a list: the kernel, the number of tasks, whether to share them, a word without meaning, and the arguments. */
const JOB: usize = 16 + ARGUMENT_BYTES;

/**
 * Runs a list of jobs one after another, without returning to the caller between them.
 *
 * @param isShared whether there are workers for jobs that are worth sharing
 * @returns how many jobs were done; fewer than `count` if a worker died, as in {@link runShared}
 */
export function runJobs(control: usize, jobs: usize, count: i32, isShared: bool, mayWait: bool, patience: f64): i32 {
  for (let job = 0; job < count; job++, jobs += JOB) {
    memory.copy(control + ARGUMENTS, jobs + 16, ARGUMENT_BYTES);
    const kernel = load<u32>(jobs);
    const tasks = load<i32>(jobs + 4);
    if (!isShared || load<u32>(jobs + 8) == 0) runAlone(control, kernel, tasks);
    else if (!runShared(control, kernel, tasks, mayWait, patience)) return job;
  }
  return count;
}

/** Whether all tasks were done before patience ran out. */
function awaitDone(control: usize, tasks: i32, mayWait: bool, patience: f64): bool {
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(control + DONE) == tasks) return true;
  if (!mayWait) return spinUntilDone(control, tasks, patience);
  atomic.store<i32>(control + CALLER_WAITS, 1);
  const inTime = sleepUntilDone(control, tasks, <i32>(patience / NAP_MILLISECONDS));
  atomic.store<i32>(control + CALLER_WAITS, 0);
  return inTime;
}

/** Sleeps until all tasks are done, or for this many naps without progress. While the machine is suspended only one nap passes. */
function sleepUntilDone(control: usize, tasks: i32, naps: i32): bool {
  let left = naps;
  let done = atomic.load<i32>(control + DONE);
  while (done != tasks && left >= 0) {
    left = atomic.wait<i32>(control + DONE, done, NAP) == TIMED_OUT ? left - 1 : naps;
    done = atomic.load<i32>(control + DONE);
  }
  return done == tasks;
}

/** {@link sleepUntilDone} for a thread that must not sleep. */
function spinUntilDone(control: usize, tasks: i32, patience: f64): bool {
  let done = -1;
  let looked = now();
  let waited: f64 = 0;
  while (done != tasks && waited <= patience) {
    const before = done;
    done = spinWhile(control, before);
    const time = now();
    waited = done == before ? waited + min<f64>(time - looked, LONGEST_LOOK) : 0;
    looked = time;
  }
  return done == tasks;
}

/** Polls for a while until the number of done tasks differs from `before`; returns the number. */
function spinWhile(control: usize, before: i32): i32 {
  for (let spin = 0; spin < SPINS; spin++) {
    const done = atomic.load<i32>(control + DONE);
    if (done != before) return done;
  }
  return before;
}

/** Bytes of the control block, which holds the shared words and the arguments. */
export function controlBytes(): i32 {
  return 1024;
}

/** Bytes of a job of {@link runJobs}. */
export function jobBytes(): i32 {
  return <i32>JOB;
}

/** Where the arguments start in the control block. */
export function argumentsOffset(): i32 {
  return <i32>ARGUMENTS;
}
