// One job at a time over any number of threads that share the memory: tasks 0 .. tasks - 1 of one kernel.
//
// The ticket is one 64-bit word, [job : 16][tasks : 24][next : 24], so that a thread can only take a task of the job
// that the ticket speaks of. The kernel and its arguments are written before the ticket and stay until all is done.
import { dispatch } from "./dispatch"; // written by scripts/build-kernels.mjs: a case for each kernel
import { now } from "./host";

/** The words that all threads share; 64-byte aligned, 1024 bytes with the arguments. */
@unmanaged
class Control {
  ticket: u64;
  /** Grows with each job; sleeping workers wait on it. */
  signal: i32;
  /** Tasks done of the current job. */
  done: i32;
  kernel: u32;
  /** 1 tells the workers to return. */
  stop: i32;
  /** Workers that sleep in `wait`. */
  sleeping: i32;
  /** 1 while the caller sleeps until all is done. */
  callerWaits: i32;
}

const DONE = offsetof<Control>("done");
const SIGNAL = offsetof<Control>("signal");
const STOP = offsetof<Control>("stop");
const SLEEPING = offsetof<Control>("sleeping");
const CALLER_WAITS = offsetof<Control>("callerWaits");
/** For each thread the task it is at, plus 1; 0 = none. */
const CURRENT: usize = 64;
const MAX_THREADS: usize = 64;
/** 16 bytes that stay 0, for `kept` of vector.ts. */
const ZEROS: usize = CURRENT + MAX_THREADS * 4;
const ARGUMENTS: usize = ZEROS + 16;
const TASK_BITS: u64 = 24;
const TASK_MASK: u64 = (1 << 24) - 1;
/** Looks at the signal before a worker sleeps, about 50 µs. */
const SPINS = 4000;

/** Takes the next task of the current job, or -1. */
function take(control: usize): i32 {
  let ticket = atomic.load<u64>(control);
  while ((ticket & TASK_MASK) < ((ticket >> TASK_BITS) & TASK_MASK)) {
    const seen = atomic.cmpxchg<u64>(control, ticket, ticket + 1);
    if (seen == ticket) return <i32>(ticket & TASK_MASK);
    ticket = seen;
  }
  return -1;
}

function runTasks(control: usize, thread: u32): void {
  const current = control + CURRENT + thread * 4;
  for (let task = take(control); task >= 0; task = take(control)) {
    atomic.store<i32>(current, task + 1);
    const words = changetype<Control>(control);
    const tasks = <i32>((atomic.load<u64>(control) >> TASK_BITS) & TASK_MASK);
    dispatch(words.kernel, control + ARGUMENTS, task, thread);
    atomic.store<i32>(current, 0);
    const finished = atomic.add<i32>(control + DONE, 1) + 1;
    if (finished == tasks && atomic.load<i32>(control + CALLER_WAITS) == 1) atomic.notify(control + DONE, 1);
  }
}

/** What a worker does from its start to the end of the pool. */
export function serve(control: usize, thread: u32): void {
  for (;;) {
    const seen = atomic.load<i32>(control + SIGNAL);
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
 * @returns 0, or 1 when a worker died: its task was done here, and the pool must not be used again
 */
export function runShared(control: usize, kernel: u32, tasks: i32, mayWait: bool, patience: f64): i32 {
  const words = changetype<Control>(control);
  words.kernel = kernel;
  atomic.store<i32>(control + DONE, 0);
  const job = (atomic.load<u64>(control) >> 48) + 1;
  atomic.store<u64>(control, (job << 48) | ((<u64>tasks) << TASK_BITS));
  atomic.add<i32>(control + SIGNAL, 1);
  if (atomic.load<i32>(control + SLEEPING) > 0) atomic.notify(control + SIGNAL, -1);
  runTasks(control, 0);
  return awaitDone(control, tasks, mayWait, patience) ? 0 : redo(control);
}

/** Whether all tasks got done before patience ran out. */
function awaitDone(control: usize, tasks: i32, mayWait: bool, patience: f64): bool {
  let done = atomic.load<i32>(control + DONE);
  let since = -1.0;
  for (let spin = 1; done < tasks; spin++) {
    const before = done;
    if (mayWait && spin > SPINS) {
      atomic.store<i32>(control + CALLER_WAITS, 1);
      atomic.wait<i32>(control + DONE, done, 20_000_000);
      atomic.store<i32>(control + CALLER_WAITS, 0);
    }
    done = atomic.load<i32>(control + DONE);
    if (done != before) since = -1.0;
    else if (spin % SPINS == 0 || spin > SPINS * 8) {
      const time = now();
      if (since < 0) since = time;
      if (time - since > patience) return false;
    }
  }
  return true;
}

/** Does what dead workers left: tasks write only what they compute from the inputs, so a second time does no harm. */
function redo(control: usize): i32 {
  const words = changetype<Control>(control);
  for (let thread: usize = 1; thread < MAX_THREADS; thread++) {
    const left = atomic.load<i32>(control + CURRENT + thread * 4);
    if (left > 0) dispatch(words.kernel, control + ARGUMENTS, left - 1, 0);
  }
  return 1;
}

/** Bytes of the shared words with their arguments, and where the arguments start. */
export function controlBytes(): i32 {
  return 1024;
}

export function argumentsOffset(): i32 {
  return <i32>ARGUMENTS;
}
