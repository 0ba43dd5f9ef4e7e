import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { portNumber } from "./parse.ts";

/** What opens an address in the user's browser. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...before: string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** `pleura view`: the page that shows every step, served to this computer alone. */
export function viewCommand(): Command {
  return new Command("view")
    .summary("see every step in the browser")
    .description(
      "Serves the page that shows every step on this computer alone, and opens it, with the scan loaded\n" +
        "if one is given. Everything is computed in the browser. Ctrl-C ends it.",
    )
    .argument("[scan]", "folder of DICOM files, a zip of them, or a NIfTI, MetaImage or NRRD file")
    .option("--port <n>", "port (default: any that is free)", portNumber)
    .option("--no-open", "print the address only")
    .action(view);
}

async function view(scan: string | undefined, { port, open }: { port?: number; open: boolean }): Promise<void> {
  const { servePage } = await import("../node/serve-page.ts");
  // The built page lies beside the built command.
  const page = fileURLToPath(new URL("app", import.meta.url));
  const served = await servePage({ page, ...(scan !== undefined && { scan }), ...(port !== undefined && { port }) });
  process.stdout.write(`${served.url}\n`);
  if (open) openInBrowser(served.url);
  await new Promise<void>((ended) => process.once("SIGINT", ended).once("SIGTERM", ended));
  await served.close();
}

function openInBrowser(url: string): void {
  const [command, ...before] = OPENERS[process.platform] ?? ["xdg-open"];
  // Where there is no browser the printed address is enough.
  spawn(command, [...before, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
