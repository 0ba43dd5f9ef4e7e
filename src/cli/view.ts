import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { portNumber } from "./parse.ts";
import { printLine } from "./print.ts";

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
        "if one is given. Everything is computed in the browser. The address holds a secret, without which no other\n" +
        "user of this computer can read the scan. It ends when the page is closed, or at Ctrl-C.",
    )
    .argument("[scan]", "folder of DICOM files, a zip of them, or a NIfTI, MetaImage or NRRD file")
    .option("--port <n>", "port (default: any that is free)", portNumber)
    .option("--no-open", "print the address only")
    .option("--keep", "go on serving when the page is closed; Ctrl-C ends it")
    .action(view);
}

interface ViewFlags {
  readonly port?: number;
  readonly open: boolean;
  readonly keep?: true;
}

async function view(scan: string | undefined, { port, open, keep }: ViewFlags): Promise<void> {
  const { servePage } = await import("../node/serve-page.ts");
  // The built page lies beside the built command.
  const page = fileURLToPath(new URL("app", import.meta.url));
  const served = await servePage({ page, ...(scan !== undefined && { scan }), ...(port !== undefined && { port }) });
  printLine(served.url);
  if (open) openInBrowser(served.urlOnce);
  const interrupted = new Promise<void>((ended) => process.once("SIGINT", ended).once("SIGTERM", ended));
  const left = async () => {
    await served.left;
    printLine("the page was closed", process.stderr);
  };
  await (keep ? interrupted : Promise.race([interrupted, left()]));
  await served.close();
}

function openInBrowser(url: string): void {
  const [command, ...before] = OPENERS[process.platform] ?? ["xdg-open"];
  // Where there is no browser the printed address is enough.
  spawn(command, [...before, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
