#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { PleuraError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { checkLabelsCommand } from "./check-labels.ts";
import { FAILED, INTERRUPTED, USAGE } from "./exit-status.ts";
import { inspectCommand } from "./inspect.ts";
import { mapCommand } from "./map.ts";
import { phantomCommand } from "./phantom.ts";
import { prepCommand } from "./prep.ts";
import { queueCommand } from "./queue.ts";
import { renderCommand } from "./render.ts";
import { splitsCommand } from "./splits.ts";
import { statusCommand } from "./status.ts";
import { viewCommand } from "./view.ts";

const program = new Command("pleura")
  .description("Chest CT in, model-ready input out.")
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError("(see pleura --help)");
const commands = [
  prepCommand(),
  statusCommand(),
  queueCommand(),
  inspectCommand(),
  checkLabelsCommand(),
  mapCommand(),
  splitsCommand(),
  renderCommand(),
  viewCommand(),
  phantomCommand(),
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const part of command.commands) part.copyInheritedSettings(program);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}
await Promise.all([process.stdout, process.stderr].map(drained));
// Leaves at once: to take down the engine and its memory piece by piece would take its time.
process.exit();

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
  return error.stage === "options" ? USAGE : FAILED;
}
