import { type Command, Option } from "commander";

/** The option that all commands of the queue have. */
export interface RedisFlag {
  readonly redis: string;
}

/** Gives a command the option behind {@link RedisFlag}; a password in it is out of sight in the environment. */
export function addRedisOption(command: Command): Command {
  return command.addOption(
    new Option("--redis <url>", "redis://[[user]:password@]host[:port][/database], or rediss:// for TLS")
      .env("PLEURA_REDIS")
      .makeOptionMandatory(),
  );
}
