#!/usr/bin/env node
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { PleuraError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { checkLabelsCommand } from "./check-labels.ts";
import { convertCommand } from "./convert.ts";
import { FAILED, INTERRUPTED, USAGE } from "./exit-status.ts";
import { inspectCommand } from "./inspect.ts";
import { mapCommand } from "./map.ts";
import { phantomCommand } from "./phantom.ts";
import { prepCommand } from "./prep.ts";
import { isForPerson, printLine, printText } from "./print.ts";
import { queueCommand } from "./queue.ts";
import { renderCommand } from "./render.ts";
import { splitsCommand } from "./splits.ts";
import { statusCommand } from "./status.ts";
import { viewCommand } from "./view.ts";

const program = new Command("pleura")
  .description("Chest CT in, model-ready input out.")
  .version(VERSION)
  .exitOverride()
  .configureOutput({
    writeOut: (text) => printText(text),
    writeErr: (text) => printText(text, process.stderr),
  });
const commands = [
  prepCommand(),
  statusCommand(),
  queueCommand(),
  inspectCommand(),
  checkLabelsCommand(),
  mapCommand(),
  splitsCommand(),
  convertCommand(),
  renderCommand(),
  viewCommand(),
  phantomCommand(),
];
for (const command of commands) program.addCommand(command);
pointToHelp(program);
let running = program;
program.hook("preAction", (_, command) => {
  running = command;
});

const lost = watchOutput();
process.on("uncaughtException", (error) => {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const said = isForPerson(process.stderr) ? `${name}: ${message}` : name;
  for (const line of [`pleura: ${said}`, ...(stack.match(/^\s+at .*$/gm) ?? [])]) printLine(line, process.stderr);
  process.exit(FAILED);
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await statusOf(error);
}
await Promise.all([process.stdout, process.stderr].map(drained));
if (lost.reason !== undefined) process.exitCode ||= FAILED;
// Leaves at once: to take down the engine and its memory piece by piece would take its time.
process.exit();

/** Has wrong usage of a command, and of each below it, end with where that command's own help is. */
function pointToHelp(command: Command): void {
  command.showHelpAfterError(helpOf(command));
  for (const part of command.commands) {
    part.copyInheritedSettings(command);
    pointToHelp(part);
  }
}

function helpOf(command: Command): string {
  return `(see ${pathOf(command)} --help)`;
}

/** How a command is called: `pleura queue add`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Resolves when all that was written has been taken, or never will be. */
function drained(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((resolve) => stream.write("", resolve));
}

/**
 * Lets a command end as it would have when nobody reads its output any more, as after `| head`: what it does
 * is not its output. Any other reason why output is lost, such as a full disk, is said once and costs the status.
 */
function watchOutput(): { readonly reason: string | undefined } {
  let reason: string | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || reason !== undefined) return;
      reason = message;
      printLine(`pleura: the output cannot be written: ${message}`, process.stderr);
    });
  }
  return {
    get reason() {
      return reason;
    },
  };
}

async function statusOf(caught: unknown): Promise<number> {
  // Commander has printed its own message already; its status is 0 for help and version.
  if (caught instanceof CommanderError) return caught.exitCode === 0 ? 0 : USAGE;
  const { fromSystem } = await import("../node/system-error.ts");
  const error = fromSystem(caught, "read") ?? caught;
  printLine(`pleura: ${await messageOf(error)}`, process.stderr);
  if (!(error instanceof PleuraError)) return FAILED;
  if (error.code === "aborted") return INTERRUPTED;
  if (error.stage !== "options") return FAILED;
  printLine(helpOf(running), process.stderr);
  return USAGE;
}

/**
 * An error's sentence. Where standard error is no terminal, a file that was not named in the command itself is
 * left out, and so is text of the input.
 */
async function messageOf(error: unknown): Promise<string> {
  if (isForPerson(process.stderr)) return error instanceof Error ? error.message : String(error);
  const { toFailure } = await import("../node/failure.ts");
  const isGiven = (file: string) => process.argv.some((word) => file === word || file === resolve(word));
  const isOwn = error instanceof PleuraError && error.stage !== "read";
  return toFailure(error, "read", { file: (file) => (isOwn || isGiven(file) ? file : undefined) }).message;
}
