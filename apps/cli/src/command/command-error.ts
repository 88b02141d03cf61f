/** A command cannot go on; the message is one sentence. */
export class CommandError extends Error {}

/** The command line is wrong; the message is one sentence. */
export class UsageError extends CommandError {}
