import { Command } from "commander";
import { queueAddCommand } from "./queue-add.ts";
import { drainCommand, failedCommand, queueStatusCommand, retryCommand } from "./queue-jobs.ts";
import { queueWorkCommand } from "./queue-work.ts";

/** `pleura queue`: cases for any number of machines, handed out by Redis. */
export function queueCommand(): Command {
  return new Command("queue")
    .summary("share cases among machines, by a queue in Redis")
    .description("Shares cases among any number of machines, by a queue in Redis.")
    .addCommand(queueAddCommand())
    .addCommand(queueWorkCommand())
    .addCommand(queueStatusCommand())
    .addCommand(failedCommand())
    .addCommand(retryCommand())
    .addCommand(drainCommand());
}
