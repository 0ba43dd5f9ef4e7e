import { type ScanSummary, SessionError } from "pleura/worker";
import { CaseView } from "./case-view.ts";
import { button, el } from "./dom.ts";
import { Engine } from "./engine.ts";
import { fromServer, type Picked } from "./files.ts";
import { acceptDrops, openView } from "./open-view.ts";
import { ProgressView } from "./progress-view.ts";
import { themeButton } from "./theme.ts";

const title = el("span", { class: "title" });
const actions = el("div", { class: "slot" });
const stage = el("main", {});
const another = button("Open another", () => begin(), { hidden: true });
const head = el("header", {}, el("b", { class: "name" }, "pleura"), title, actions, another, themeButton());
document.body.append(head, stage);

let progress: ProgressView | undefined;
let shown: CaseView | undefined;
const engine = new Engine((step) => progress?.show(step));

/** Shows the first view, with what went wrong if something did. */
function begin(trouble?: string): void {
  shown?.close();
  shown = undefined;
  title.textContent = "";
  another.hidden = true;
  actions.replaceChildren();
  stage.replaceChildren(openView({ onFiles: openFiles, onPhantom: openPhantom }, trouble));
  document.body.dataset["state"] = "open";
}

function openFiles({ files, name }: Picked): void {
  openAs(name, ({ series }) => {
    const read = { ...(series !== undefined && { series }), fillGaps: false };
    return engine.call("open", { files, name, read });
  });
}

function openPhantom(): void {
  openAs("A made-up scan", () => engine.call("phantom", {}));
}

/** Opens a scan, runs it and shows it; `open` is asked again when another of its series is chosen. */
async function openAs(
  name: string,
  open: (choice: { readonly series?: string }) => Promise<ScanSummary>,
  series?: string,
): Promise<void> {
  const began = performance.now();
  if (document.body.dataset["state"] === "running") engine.cancel();
  shown?.close();
  progress = new ProgressView(name, cancel);
  actions.replaceChildren();
  stage.replaceChildren(progress.element);
  document.body.dataset["state"] = "running";
  try {
    const scan = await open(series === undefined ? {} : { series });
    const view = new CaseView(scan, engine, (chosen) => void openAs(name, open, chosen));
    shown = view;
    await view.run();
    title.textContent = name;
    another.hidden = false;
    actions.replaceChildren(view.actions);
    stage.replaceChildren(view.element);
    document.body.dataset["state"] = "ready";
    // Once the picture is drawn; the browser's own tools show it, and the tests read it.
    requestAnimationFrame(() => setTimeout(() => performance.measure("lungs shown", { start: began })));
  } catch (error) {
    if (!(error instanceof SessionError && error.code === "aborted")) begin(messageOf(error));
  }
}

function cancel(): void {
  engine.cancel();
  begin();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  // What was being asked when the user cancelled has no answer, and needs none.
  if (event.reason instanceof SessionError && event.reason.code === "aborted") return;
  stage.append(el("p", { class: "trouble", role: "alert" }, messageOf(event.reason)));
});

acceptDrops(openFiles);
begin();
if (new URLSearchParams(location.search).has("scan")) {
  fromServer().then(openFiles, (error: unknown) => begin(messageOf(error)));
}
if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./service-worker.js");
