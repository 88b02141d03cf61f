/** What an argument error says: `operation: argument must be expected, got received; advice`. */
export interface ArgumentFault {
  /** The public function or method that refuses, as its caller writes it. */
  readonly operation: string;
  /** The argument at fault, by its public name. */
  readonly argument: string;
  /** What it must be, continuing the words "must be". */
  readonly expected: string;
  /** What came instead, continuing the word "got". */
  readonly received: string;
  /** What to do about it, when the rule alone does not say. */
  readonly advice?: string;
}

/** Every error that tfblocks throws about an argument; the facts of its one-sentence message are fields. */
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

/** A tensor has the wrong rank, or one of its named dimensions contradicts another. */
export class ShapeError extends ArgumentError {
  override readonly name = "ShapeError";
}

/** A tensor, or a value that should be one, has the wrong type. */
export class DTypeError extends ArgumentError {
  override readonly name = "DTypeError";
}

/** A number, string or option is outside what the operation allows. */
export class ValueError extends ArgumentError {
  override readonly name: string = "ValueError";
}

/** An object of options, sizes or parts has a name that the operation does not know; both lists of names are fields. */
export class UnknownNameError extends ValueError {
  override readonly name = "UnknownNameError";
  readonly unknown: readonly string[];
  readonly known: readonly string[];

  /** @param kind what a name is: `"option"`, `"size"`, `"part"` */
  constructor(operation: string, kind: string, unknown: readonly string[], known: readonly string[]) {
    const received = unknown.map((name) => JSON.stringify(name)).join(", ");
    super({ operation, argument: `${kind}s`, expected: known.join(", "), received });
    this.message = `${operation}: unknown ${kind}${unknown.length > 1 ? "s" : ""} ${received}; known ${kind}s: ${known.join(", ")}`;
    this.unknown = unknown;
    this.known = known;
  }
}

/** A tensor or block was disposed before the call. */
export class DisposedError extends ArgumentError {
  override readonly name = "DisposedError";
}

/** A tensor would not fit: over 2^31 - 1 bytes, or more than the backend's heap can still give. */
export class AllocationError extends ArgumentError {
  override readonly name = "AllocationError";
}

/** A property that a checker was asked to prove does not hold; the message carries the counterexample. */
export class PropertyError extends ArgumentError {
  override readonly name: string = "PropertyError";
}

function sentence({ operation, argument, expected, received, advice }: ArgumentFault): string {
  const rule = `${operation}: ${argument} must be ${expected}, got ${received}`;
  return advice === undefined ? rule : `${rule}; ${advice}`;
}
