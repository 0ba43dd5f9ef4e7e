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
  .exitOverride()
  .showHelpAfterError("(see pleura --help)");
const commands = [
  prepCommand(),
  statusCommand(),
  queueCommand(),
  inspectCommand(),
  renderCommand(),
  viewCommand(),
  phantomCommand(),
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const part of command.commands) part.copyInheritedSettings(program);
}

const lost = watchOutput();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await statusOf(error);
}
await Promise.all([process.stdout, process.stderr].map(drained));
if (lost.reason !== undefined) process.exitCode ||= FAILED;
// Leaves at once: to take down the engine and its memory piece by piece would take its time.
process.exit();

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
      process.stderr.write(`pleura: the output cannot be written: ${message}\n`);
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
  process.stderr.write(`pleura: ${error instanceof Error ? error.message : String(error)}\n`);
  if (!(error instanceof PleuraError)) return FAILED;
  if (error.code === "aborted") return INTERRUPTED;
  return error.stage === "options" ? USAGE : FAILED;
}
