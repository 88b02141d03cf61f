import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dim, red, say, showProgress } from "./terminal.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));
/** Stamps and logs of these commands; git ignores it. */
export const cacheFolder = join(root, ".cache");

/** A failure that one sentence explains; `details` is what the failing program said. */
export class Failure extends Error {
  constructor(sentence, details = "") {
    super(sentence);
    this.details = details;
  }
}

/** The user pressed Ctrl-C, or the process was asked to end. */
class Interrupted extends Error {
  constructor(exitCode) {
    super("Interrupted.");
    this.exitCode = exitCode;
  }
}

/** Returns an exit code, but ends the whole command when the code says that the program was interrupted. */
export function unlessInterrupted(code) {
  if (code === 130 || code === 143) throw new Interrupted(code);
  return code;
}

/** Runs a root command. Its result becomes the exit code; a failure is reported in one sentence. */
export async function main(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = error.exitCode ?? 1;
    if (error.details) say(dim(error.details));
    say(error.exitCode ? dim(error.message) : red(error instanceof Failure ? error.message : error.stack));
  }
}

/** The script behind a package's command, to be run by this Node.js on every platform. */
export function bin(packageName, { command = packageName, from = root } = {}) {
  const require = createRequire(join(from, "package.json"));
  const folder = require.resolve
    .paths(packageName)
    .map((base) => join(base, packageName))
    .find((path) => existsSync(path));
  if (!folder) throw new Failure(`${packageName} is not installed: remove node_modules and run the command again.`);
  const declared = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).bin;
  return join(folder, typeof declared === "string" ? declared : declared[command]);
}

/** The script of npm or npx: of the npm that started this process, or else the one installed with this Node.js. */
function npmScript(name) {
  const candidates = [
    process.env.npm_execpath && dirname(process.env.npm_execpath),
    join(dirname(process.execPath), "../lib/node_modules/npm/bin"),
    join(dirname(process.execPath), "node_modules/npm/bin"),
  ];
  const found = candidates.map((folder) => folder && join(folder, `${name}-cli.js`)).find((path) => path && existsSync(path));
  if (!found) throw new Failure(`${name} was not found next to Node.js: start this command through npm, for example "npm test".`);
  return found;
}

export const npm = (...args) => [npmScript("npm"), ...args];
export const pnpm = (...args) => [npmScript("npx"), "-y", "pnpm@12.21.0", ...args];

function start(args, { program = process.execPath, stdio, env, cwd = root }) {
  const child = spawn(program, args, { cwd, stdio, env: { ...process.env, ...env } });
  // A terminal sends Ctrl-C to the child as well; any other signal reaches only this process.
  const onTerminal = process.stdin.isTTY || process.stderr.isTTY;
  const forward = (signal) => (signal === "SIGINT" && onTerminal) || child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, forward);
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => ["SIGINT", "SIGTERM"].forEach((signal) => process.off(signal, forward)));
  return { child, ended };
}

/** Runs `node ...args` (or another program) on this terminal and returns its exit code. */
export const runOpenly = (args, options = {}) => start(args, { stdio: "inherit", ...options }).ended;

/** Runs a program behind a progress line and returns { code, output, logPath }; the output is also kept in .cache/logs. */
export async function runQuietly(title, args, options = {}) {
  mkdirSync(join(cacheFolder, "logs"), { recursive: true });
  const logPath = join(cacheFolder, "logs", `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.log`);
  const log = createWriteStream(logPath);
  const stopProgress = showProgress(title);
  try {
    const { child, ended } = start(args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        log.write(text);
      });
    }
    return { code: unlessInterrupted(await ended), output, logPath };
  } finally {
    stopProgress();
    log.end();
  }
}

/** Runs a step that must succeed, as {@link runQuietly}. @throws Failure when it does not */
export async function mustRun(title, args, options) {
  const { code, output, logPath } = await runQuietly(title, args, options);
  if (code !== 0) throw new Failure(`${title} failed with exit code ${code}; the whole log is in ${logPath}.`, tail(output));
  return output;
}

export const tail = (text, lines = 30) => text.trimEnd().split("\n").slice(-lines).join("\n");
