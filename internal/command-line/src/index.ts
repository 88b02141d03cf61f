export { type CommandContext, type Output } from "./command-context.js";
export { CommandError, UsageError } from "./command-error.js";
export { clip, displayWidth, padRight, printable } from "./display-width.js";
export { fixed } from "./fixed.js";
export { exitOnClosedPipe, main } from "./main.js";
export { checkNames, integer, number, parseOptions } from "./options.js";
export { interrupted, runCommand } from "./run-command.js";
export { type Column, table, type TablePage } from "./table.js";
