import { suggestNames } from "./suggest-names.js";

/** The facts of an argument error, whose message is `operation: argument must be expected, got received; advice`. */
export interface ArgumentFault {
  /** The public function or method that throws, as its caller writes it. */
  readonly operation: string;
  /** The public name of the argument at fault. */
  readonly argument: string;
  /** What it must be, in words that follow "must be". */
  readonly expected: string;
  /** What was passed, in words that follow "got". */
  readonly received: string;
  /** What to do, unless the rule already says it. */
  readonly advice?: string;
}

/** The base class of errors about an argument. The facts in its message are also fields. */
export class ArgumentError extends Error implements ArgumentFault {
  override readonly name: string = "ArgumentError"; // written out: a minifier renames the class
  readonly operation: string;
  readonly argument: string;
  readonly expected: string;
  readonly received: string;
  declare readonly advice?: string;

  constructor(fault: ArgumentFault) {
    super(sentence(fault));
    this.operation = fault.operation;
    this.argument = fault.argument;
    this.expected = fault.expected;
    this.received = fault.received;
    if (fault.advice !== undefined) this.advice = fault.advice;
  }
}

/** A tensor has the wrong rank, or a named dimension has the wrong size. */
export class ShapeError extends ArgumentError {
  override readonly name = "ShapeError";
}

/** A tensor, or a value that should be one, has the wrong type. */
export class DTypeError extends ArgumentError {
  override readonly name = "DTypeError";
}

/** A value is outside the range that the operation allows. */
export class ValueError extends ArgumentError {
  override readonly name: string = "ValueError";
}

/**
 * An object of options, sizes or parts has a name that the operation does not know. Its fields list unknown and known names.
 * The message says which known name was meant, if that can be told.
 */
export class UnknownNameError extends ValueError {
  override readonly name = "UnknownNameError";
  readonly unknown: readonly string[];
  readonly known: readonly string[];

  /** @param kind what the names stand for: `"option"`, `"size"` or `"part"` */
  constructor(operation: string, kind: string, unknown: readonly string[], known: readonly string[]) {
    const received = unknown.map((name) => JSON.stringify(name)).join(", ");
    super({ operation, argument: `${kind}s`, expected: known.join(", "), received });
    const { sure, guesses } = suggestNames(unknown, known);
    const names = `unknown ${kind}${unknown.length > 1 ? "s" : ""} ${received}`;
    this.message = `${operation}: ${[names, ...sure, `known ${kind}s: ${known.join(", ")}`, ...guesses].join("; ")}`;
    this.unknown = unknown;
    this.known = known;
  }
}

/** A tensor or block was disposed before the call. */
export class DisposedError extends ArgumentError {
  override readonly name = "DisposedError";
}

/** A tensor does not fit into memory: it is larger than 2^31 - 1 bytes, or than the free space of the backend's heap. */
export class AllocationError extends ArgumentError {
  override readonly name = "AllocationError";
}

/** A property that a checker tested does not hold. The message contains a counterexample. */
export class PropertyError extends ArgumentError {
  override readonly name: string = "PropertyError";
}

function sentence({ operation, argument, expected, received, advice }: ArgumentFault): string {
  const rule = `${operation}: ${argument} must be ${expected}, got ${received}`;
  return advice === undefined ? rule : `${rule}; ${advice}`;
}
