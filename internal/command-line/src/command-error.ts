/** A command failed; the message is one sentence for the user. */
export class CommandError extends Error {}

/** The command line is invalid; the message is one sentence for the user. */
export class UsageError extends CommandError {}
