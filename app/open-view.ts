import type { StackChoice } from "pleura/worker";
import { button, el } from "./dom.ts";
import { fromDrop, fromInput, type Picked } from "./files.ts";
import { type SeriesWish, seriesList } from "./series-list.ts";

/** What the user may begin with. */
export interface OpenEvents {
  readonly onFiles: (picked: Picked) => void;
  readonly onPhantom: () => void;
}

/** Why there is nothing to see, and what could be opened instead. */
export interface Trouble {
  readonly message: string;
  readonly stacks: readonly StackChoice[];
  readonly onChoose: (wish: SeriesWish) => void;
}

/** The first view: where a scan is dropped or chosen. */
export function openView({ onFiles, onPhantom }: OpenEvents, trouble?: Trouble): HTMLElement {
  const folder = picker("Choose a folder", { webkitdirectory: true, multiple: true }, onFiles);
  const files = picker("Choose files", { multiple: true }, onFiles);
  const sample = button("Try it with a made-up scan", onPhantom, { id: "try", class: "plain" });
  return el(
    "section",
    { class: "open", "aria-label": "Open a scan" },
    el("h1", {}, "From a chest CT to model-ready input, every step to be seen."),
    ...(trouble === undefined ? [] : refusal(trouble)),
    el(
      "div",
      { class: "drop" },
      el("p", {}, "Drop a folder of DICOM files here, a zip of them, or a NIfTI, MetaImage or NRRD file."),
      el("div", { class: "choices" }, folder, files, sample),
    ),
    el(
      "p",
      { class: "quiet" },
      "The scan is read and computed by this browser. Nothing leaves this computer, and no patient's name is shown or saved.",
    ),
  );
}

/** Lets scans be dropped anywhere on the page. */
export function acceptDrops(onFiles: OpenEvents["onFiles"], onTrouble: (message: string) => void): void {
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("dragging"));
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    const items = event.dataTransfer?.items;
    if (items === undefined) return;
    try {
      const picked = await fromDrop(items);
      if (picked.files.length > 0) onFiles(picked);
      else
        onTrouble(
          "There is no file in what was dropped. Drop a folder of DICOM files, a zip of them, or an image file.",
        );
    } catch {
      onTrouble("What was dropped cannot be read. Choose it with a button instead, or copy it to another place first.");
    }
  });
}

function refusal({ message, stacks, onChoose }: Trouble): HTMLElement[] {
  const said = el("p", { class: "trouble", role: "alert" }, message);
  // A list is of use only where something in it can be opened.
  const isWayOn = stacks.some(({ refused, fillable }) => !refused || fillable);
  return isWayOn ? [said, seriesList(stacks, onChoose)] : [said];
}

function picker(
  label: string,
  attributes: Readonly<Record<string, boolean>>,
  onFiles: OpenEvents["onFiles"],
): HTMLElement {
  const input = el("input", { type: "file", ...attributes });
  input.addEventListener("change", () => {
    if (input.files !== null && input.files.length > 0) onFiles(fromInput(input.files));
  });
  return el("label", { class: "button" }, label, input);
}
