import { createHash } from "node:crypto";
import type { ImageIdentity } from "../../dicom/identity.ts";
import { uidKey } from "./case-input.ts";

/** CT images that agree in patient, study and series, as a header or some headers show them. Holds no clear UID. */
export interface ImageGroup {
  /** What stands for the Patient ID, the study and the series, see `uidKey`; missing where the header lacks it. */
  readonly patient?: string;
  readonly study?: string;
  readonly series?: string;
  /** Series Number. */
  readonly number?: number;
  /** Number of images that were looked at. */
  readonly images: number;
  /** How many of them are axial and no localizers. */
  readonly slices: number;
  /** Lowest and highest position of these, millimetres. */
  readonly low?: number;
  readonly high?: number;
  /** Same images, same mark; {@link UNKNOWN} where images have neither SOP Instance UID nor position. */
  readonly mark: string;
}

/** The mark of images that cannot be told apart. */
export const UNKNOWN = "?";

type Gathered = { -readonly [Key in keyof ImageGroup]: ImageGroup[Key] } & { ids: number[]; nameless: boolean };

/** Positions closer than this are one position, mm. */
const SAME_POSITION = 0.01;
/** Keys of the UIDs seen lately; a series' images share three of them. */
const lately = new Map<string, string>();
const MOST_LATELY = 64;

/** Puts images into groups, one after the other. */
export class Grouping {
  private readonly groups = new Map<string, Gathered>();

  /** @returns the number of the image's group */
  add(image: ImageIdentity): number {
    const [patient, study, series] = [image.patientId, image.studyUid, image.seriesUid].map(keyOf);
    const id = `${patient} ${study} ${series}`;
    let group = this.groups.get(id);
    if (group === undefined) {
      group = {
        ...(patient !== undefined && { patient }),
        ...(study !== undefined && { study }),
        ...(series !== undefined && { series }),
        ...(image.seriesNumber !== undefined && { number: image.seriesNumber }),
        images: 0,
        slices: 0,
        mark: "",
        ids: [0, 0],
        nameless: false,
      };
      this.groups.set(id, group);
    }
    group.images++;
    if (image.id === undefined) group.nameless = true;
    else addId(group.ids, image.id);
    if (image.scan) {
      group.slices++;
      if (image.at !== undefined) {
        group.low = Math.min(group.low ?? image.at, image.at);
        group.high = Math.max(group.high ?? image.at, image.at);
      }
    }
    return [...this.groups.keys()].indexOf(id);
  }

  /** @param files - number of files of which the images were some; default: the images are all */
  result(files?: number): ImageGroup[] {
    return Array.from(this.groups.values(), ({ ids, nameless, ...group }) => ({
      ...group,
      mark: nameless ? UNKNOWN : `${files ?? group.images} ${ids.map((part) => (part >>> 0).toString(16)).join(" ")}`,
    }));
  }
}

/** Whether a series, of which these are the groups, can be a scan: axial slices at two positions. */
export function canBeScan(groups: readonly ImageGroup[]): boolean {
  const low = Math.min(...groups.map((group) => group.low ?? Number.POSITIVE_INFINITY));
  const high = Math.max(...groups.map((group) => group.high ?? Number.NEGATIVE_INFINITY));
  return groups.some(({ slices }) => slices > 0) && high - low > SAME_POSITION;
}

/** What groups have in one of their fields, each once. */
export function distinct(groups: readonly ImageGroup[], field: "patient" | "study" | "series"): string[] {
  return [...new Set(groups.flatMap((group) => group[field] ?? []))];
}

function keyOf(uid: string | undefined): string | undefined {
  if (uid === undefined) return undefined;
  let key = lately.get(uid);
  if (key === undefined) {
    key = uidKey(uid);
    if (lately.size >= MOST_LATELY) lately.clear();
    lately.set(uid, key);
  }
  return key;
}

/** Order does not matter: the sum stands for the set. */
function addId(sums: number[], id: string): void {
  const hash = createHash("sha256").update(id).digest();
  sums[0] = (sums[0]! + hash.readInt32LE(0)) | 0;
  sums[1] = (sums[1]! + hash.readInt32LE(4)) | 0;
}
