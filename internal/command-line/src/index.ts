export { type CommandContext, type Output } from "./command-context.js";
export { CommandError, UsageError } from "./command-error.js";
export { exitOnClosedPipe, main } from "./main.js";
export { checkNames, integer, number, parseOptions } from "./options.js";
export { interrupted, runCommand } from "./run-command.js";
