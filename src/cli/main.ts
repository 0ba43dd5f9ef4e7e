#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { PleuraError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { FAILED, INTERRUPTED, USAGE } from "./exit-status.ts";
import { inspectCommand } from "./inspect.ts";
import { phantomCommand } from "./phantom.ts";
import { prepCommand } from "./prep.ts";
import { queueCommand } from "./queue.ts";
import { renderCommand } from "./render.ts";
import { statusCommand } from "./status.ts";
import { viewCommand } from "./view.ts";

const program = new Command("pleura")
  .description("Chest CT in, model-ready input out.")
  .version(VERSION)
  .exitOverride();
const commands = [
  prepCommand(),
  statusCommand(),
  queueCommand(),
  inspectCommand(),
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

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}
await Promise.all([process.stdout, process.stderr].map(drained));
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

function statusOf(error: unknown): number {
  // Commander has printed its own message already; its status is 0 for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  process.stderr.write(`pleura: ${error instanceof Error ? error.message : String(error)}\n`);
  if (!(error instanceof PleuraError)) return FAILED;
  if (error.code === "aborted") return INTERRUPTED;
  if (error.stage !== "options") return FAILED;
  process.stderr.write(`${helpOf(running)}\n`);
  return USAGE;
}
