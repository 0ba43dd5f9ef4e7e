import type { Triple } from "pleura";
import type { NoduleRecord, NodulesSummary } from "pleura/worker";
import { button, el, formatNumber } from "./dom.ts";
import type { Engine } from "./engine.ts";

/** A nodule to be marked in the slices. */
export interface MarkedNodule {
  /** Index of the scan, `[z, y, x]`. */
  readonly centre: Triple;
  /** Millimetres; 0 where it is not known. */
  readonly diameter: number;
}

/** What the panel tells. */
export interface NoduleEvents {
  /** Other nodules are there to be marked. */
  readonly onNodules: (nodules: readonly MarkedNodule[]) => void;
  /** The user wants to see one. */
  readonly onGo: (nodule: MarkedNodule) => void;
}

/** The annotated nodules of a scan: a file to open, and a list of which each leads to its place. */
export class NodulesPanel {
  readonly element = el("section", { class: "nodules" });
  private readonly list = el("div", { "aria-live": "polite" });

  constructor(
    private readonly engine: Engine,
    private readonly events: NoduleEvents,
  ) {
    const picker = el("input", { type: "file", accept: ".csv,.xml,.json", hidden: true, id: "annotations" });
    picker.addEventListener("change", () => {
      const [file] = picker.files ?? [];
      // The same file may be chosen again once it was corrected.
      picker.value = "";
      if (file !== undefined) void this.show(file);
    });
    const open = button("Open annotations", () => picker.click(), {
      title: "LUNA16 or another CSV, LIDC-IDRI XML, or a phantom's JSON",
    });
    this.element.append(el("h2", {}, "Nodules"), this.list, open, picker);
  }

  /** Shows the nodules of the scan, or of a file that was chosen. */
  async show(file?: File): Promise<void> {
    try {
      this.fill(await this.engine.call("annotate", file === undefined ? {} : { file }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.list.replaceChildren(el("p", { class: "trouble", role: "alert" }, message));
    }
  }

  private fill({ nodules, findings }: NodulesSummary): void {
    const marked = nodules.flatMap((record, i) => (record.class === 0 ? [] : [{ record, number: i + 1 }]));
    const items = marked.map(({ record, number }) => {
      const go = button(`${number}`, () => this.events.onGo(toMark(record)), {
        "aria-label": `Go to nodule ${number}`,
      });
      return el("li", {}, go, el("span", {}, describe(record)));
    });
    const warnings = findings.map(({ message, measured }) =>
      el("p", { class: "warning" }, `${message}${measured === undefined ? "" : ` (${measured})`}`),
    );
    const none = el("p", { class: "quiet" }, "None are annotated.");
    this.list.replaceChildren(items.length > 0 ? el("ul", {}, ...items) : none, ...warnings);
    this.events.onNodules(marked.map(({ record }) => toMark(record)));
  }
}

function toMark({ scan, diameter }: NoduleRecord): MarkedNodule {
  return { centre: scan, diameter: diameter ?? 0 };
}

function describe({ diameter, shares }: NoduleRecord): string {
  const size = diameter === null ? "" : `${formatNumber(diameter, 1)} mm, `;
  return `${size}${shares === null ? "outside the scan" : `${formatNumber(100 * shares.shown)} % shown`}`;
}
