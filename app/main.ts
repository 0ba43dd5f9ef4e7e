import { type ScanSummary, SessionError, type StackChoice } from "pleura/worker";
import { CaseView } from "./case-view.ts";
import { button, el, formatNumber } from "./dom.ts";
import { Engine } from "./engine.ts";
import { fromServer, type Picked } from "./files.ts";
import { acceptDrops, openView, type Trouble } from "./open-view.ts";
import { ProgressView } from "./progress-view.ts";
import type { SeriesWish } from "./series-list.ts";
import { findServer } from "./served-by.ts";
import { watchSpace } from "./space-key.ts";
import { themeButton } from "./theme.ts";

const title = el("span", { class: "title" });
const actions = el("div", { class: "slot" });
const stage = el("main", { tabindex: -1 });
const another = button("Open another", startAgain, { hidden: true });
const head = el("header", {}, el("b", { class: "name" }, "pleura"), title, actions, another, themeButton());
/** What those hear who do not see the page change. */
const spoken = el("p", { class: "spoken", role: "status" });
/** What went wrong and belongs to no view; on the page only when there is something to say. */
const alarm = el("p", { class: "trouble", role: "alert" });
document.body.append(head, stage, spoken);
watchSpace(".views");

/** What is being opened: it is asked for again when another of its series, or filled gaps, are wished for. */
interface Source {
  readonly name: string;
  /** Empty for what is made in the page. */
  readonly files: readonly File[];
  open(wish: SeriesWish): Promise<ScanSummary>;
}

/** The default stack. */
const USUAL: SeriesWish = { fillGaps: false };
/** Where looking for other series is in vain. */
const HOPELESS: readonly string[] = ["no-dicom", "no-image", "too-large", "crashed", "not-found"];

let progress: ProgressView | undefined;
let shown: CaseView | undefined;
const engine = new Engine((step) => progress?.show(step));

/** Shows the first view, with what went wrong if something did. */
function begin(trouble?: Trouble): void {
  shown?.close();
  shown = undefined;
  alarm.remove();
  title.textContent = "";
  another.hidden = true;
  actions.replaceChildren();
  stage.replaceChildren(openView({ onFiles: openFiles, onPhantom: openPhantom }, trouble));
  document.body.dataset["state"] = "open";
}

function startAgain(): void {
  begin();
  keepFocus();
}

function beginWith(message: string): void {
  begin({ message, stacks: [], onChoose: () => {} });
}

function openFiles({ files, name }: Picked): void {
  void open({ name, files, open: (read) => engine.call("open", { files, name, read }) });
}

function openPhantom(): void {
  void open({ name: "A made-up scan", files: [], open: () => engine.call("phantom", {}) });
}

/** Counts what is opened and cancelled: an answer that was on its way then is no longer wanted. */
let turn = 0;

/** Opens a scan, runs it and shows it. */
async function open(source: Source, wish = USUAL): Promise<void> {
  const began = performance.now();
  const own = ++turn;
  if (document.body.dataset["state"] === "running") engine.cancel();
  shown?.close();
  alarm.remove();
  progress = new ProgressView(source.name, cancel);
  actions.replaceChildren();
  stage.replaceChildren(progress.element);
  document.body.dataset["state"] = "running";
  spoken.textContent = `${source.name} is being read and computed.`;
  keepFocus();
  try {
    const scan = await source.open(wish);
    if (own !== turn) return;
    const view = new CaseView(scan, engine, (other) => void open(source, other));
    shown = view;
    const summary = await view.run();
    if (own !== turn) return;
    title.textContent = source.name;
    another.hidden = false;
    actions.replaceChildren(view.actions);
    stage.replaceChildren(view.element);
    document.body.dataset["state"] = "ready";
    // Once the picture is drawn; the browser's own tools show it, and the tests read it.
    requestAnimationFrame(() => setTimeout(() => performance.measure("lungs shown", { start: began })));
    spoken.textContent =
      summary === undefined
        ? "No lungs are shown; the reason is on the page."
        : `Done. Right lung ${formatNumber(summary.lungs.rightMl)} millilitres, left lung ${formatNumber(summary.lungs.leftMl)}.`;
    keepFocus();
  } catch (error) {
    if (!isAborted(error) && own === turn) await refuse(source, error);
  }
}

/** Says why a scan is not opened, and offers what could be opened instead. */
async function refuse(source: Source, error: unknown): Promise<void> {
  const isHopeless = !(error instanceof SessionError) || error.stage !== "read" || HOPELESS.includes(error.code);
  const { files } = source;
  const inspect = (): Promise<readonly StackChoice[] | undefined> =>
    engine.call("inspect", { files }).catch((failed) => (isAborted(failed) ? undefined : []));
  const stacks = isHopeless || files.length === 0 ? [] : await inspect();
  // Cancelled, or something else is being opened by now.
  if (stacks === undefined) return;
  begin({ message: messageOf(error), stacks, onChoose: (wish) => void open(source, wish) });
  spoken.textContent = "";
  keepFocus();
}

/** Leads whoever uses the keyboard to the new view, where the focus went with the last one. */
function keepFocus(): void {
  if (document.activeElement === document.body) stage.focus({ preventScroll: true });
}

function cancel(): void {
  turn++;
  engine.cancel();
  begin();
  spoken.textContent = "Cancelled.";
  keepFocus();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isAborted(error: unknown): boolean {
  return error instanceof SessionError && error.code === "aborted";
}

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  // What was being asked when the user cancelled has no answer, and needs none.
  if (isAborted(event.reason)) return;
  alarm.textContent = messageOf(event.reason);
  head.after(alarm);
});

acceptDrops(openFiles, beginWith);
begin();
void findServer().then((server) => {
  void server.stay();
  if (!new URLSearchParams(location.search).has("scan")) return;
  fromServer(server).then(openFiles, (error: unknown) => beginWith(messageOf(error)));
});
if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./service-worker.js");
