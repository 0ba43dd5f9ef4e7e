import { button, el } from "./dom.ts";
import { fromDrop, fromInput, type Picked } from "./files.ts";

/** What the user may begin with. */
export interface OpenEvents {
  readonly onFiles: (picked: Picked) => void;
  readonly onPhantom: () => void;
}

/** The first view: where a scan is dropped or chosen. */
export function openView({ onFiles, onPhantom }: OpenEvents, trouble?: string): HTMLElement {
  const folder = picker("Choose a folder", { webkitdirectory: true, multiple: true }, onFiles);
  const files = picker("Choose files", { multiple: true }, onFiles);
  const sample = button("Try it with a made-up scan", onPhantom, { id: "try", class: "plain" });
  return el(
    "section",
    { class: "open", "aria-label": "Open a scan" },
    el("h1", {}, "From a chest CT to model-ready input, every step to be seen."),
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
    trouble === undefined ? "" : el("p", { class: "trouble", role: "alert" }, trouble),
  );
}

/** Lets scans be dropped anywhere on the page. */
export function acceptDrops(onFiles: OpenEvents["onFiles"]): void {
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("dragging"));
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    if (event.dataTransfer === null) return;
    const picked = await fromDrop(event.dataTransfer.items);
    if (picked.files.length > 0) onFiles(picked);
  });
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
