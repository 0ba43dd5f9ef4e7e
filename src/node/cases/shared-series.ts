import { identitiesOf } from "../../dicom/identity.ts";
import { PleuraError } from "../../errors.ts";
import { plainError } from "../failure.ts";
import { inflateAside } from "../inflate-aside.ts";
import { listInputFiles } from "../input-files.ts";
import { asideSource } from "./aside-source.ts";
import { type CaseFolder, uidKey } from "./case-input.ts";
import { inTurns } from "./header-index.ts";
import { UNKNOWN } from "./image-group.ts";
import type { Sighting } from "./survey.ts";

/** A case that holds images of some series. */
interface Holder {
  /** Number of the case. */
  readonly at: number;
  readonly marks: string[];
  readonly paths: string[];
}

/** Names that a message gives. */
const NAMED = 4;

/** Remembers which cases hold images of which series, and says in the end what that means for them. */
export class SharedSeries {
  private readonly first = new Map<string, Holder>();
  /** Series that more than one case holds. */
  private readonly shared = new Map<string, Holder[]>();

  /** @param at - number of the case */
  see(at: number, sightings: readonly Sighting[]): void {
    for (const { path, group } of sightings) {
      if (group.series === undefined) continue;
      const holder = this.holderOf(group.series, at);
      holder.marks.push(group.mark);
      holder.paths.push(path);
    }
  }

  /**
   * Settles what becomes of cases that share a series. Copies of one scan are all done, and know of each other.
   * Where one case has all images of the series and another some of them, the other is refused in the end. Where no case has
   * all of them, the series was spread over the cases, and all of them are refused.
   *
   * To tell, all headers of one of each kind of copy are read.
   */
  async settle(cases: readonly CaseFolder[]): Promise<CaseFolder[]> {
    const settled = [...cases];
    for (const [series, holders] of this.shared) {
      for (const { at, ...change } of await relate(series, holders, cases)) {
        const one = settled[at]!;
        if (one.refused === undefined) settled[at] = { ...one, ...change };
      }
    }
    return settled;
  }

  private holderOf(series: string, at: number): Holder {
    const first = this.first.get(series);
    const holder = { at, marks: [], paths: [] };
    if (first === undefined) this.first.set(series, holder);
    if (first === undefined || first.at === at) return first ?? holder;
    const holders = this.shared.get(series) ?? [first];
    this.shared.set(series, holders);
    const known = holders.find((other) => other.at === at);
    if (known === undefined) holders.push(holder);
    return known ?? holder;
  }
}

type Change = { readonly at: number } & Pick<CaseFolder, "refused" | "copyOf" | "partOf">;

async function relate(series: string, holders: readonly Holder[], cases: readonly CaseFolder[]): Promise<Change[]> {
  const nameOf = ({ at }: Holder) => cases[at]!.name;
  const kinds = new Map<string, Holder[]>();
  for (const holder of holders) {
    // What cannot be told apart is no copy of anything.
    const mark = holder.marks.includes(UNKNOWN) ? `case ${holder.at}` : [...holder.marks].sort().join("\n");
    const kind = kinds.get(mark);
    if (kind === undefined) kinds.set(mark, [holder]);
    else kind.push(holder);
  }
  const all = [...kinds.values()];
  const whole = all.length === 1 ? all[0]! : await thoseWithAll(series, all);
  if (whole.length === 0) {
    const refused = plainError(
      splitSeries(
        holders.map(nameOf),
        holders.flatMap(({ paths }) => paths),
      ),
    );
    return holders.map(({ at }) => ({ at, refused }));
  }
  return holders.flatMap((holder): Change[] => {
    if (!whole.includes(holder)) return [{ at: holder.at, partOf: nameOf(whole[0]!) }];
    const other = holder === whole[0] ? whole[1] : whole[0];
    return other === undefined ? [] : [{ at: holder.at, copyOf: nameOf(other) }];
  });
}

/** Those that hold every image of the series that any of them holds. */
async function thoseWithAll(series: string, kinds: readonly (readonly Holder[])[]): Promise<Holder[]> {
  const sets: Set<string>[] = [];
  for (const [{ paths }] of kinds as readonly (readonly [Holder, ...Holder[]])[])
    sets.push(await imagesOf(series, paths));
  const all = new Set(sets.flatMap((images) => [...images]));
  return kinds.flatMap((kind, i) => (sets[i]!.size === all.size ? kind : [])).sort((a, b) => a.at - b.at);
}

/** What tells the images of a series in some folders and archives apart; an image without anything is like no other. */
async function imagesOf(series: string, paths: readonly string[]): Promise<Set<string>> {
  const images = new Set<string>();
  const files = paths.flatMap((path) => listInputFiles({ folder: path, parts: [path] }));
  const found = await inTurns(files, ({ path, size }) =>
    identitiesOf(asideSource(path, size), { inflate: inflateAside }).catch(() => []),
  );
  for (const [i, identities] of found.entries()) {
    for (const { seriesUid, id } of identities) {
      if (seriesUid !== undefined && uidKey(seriesUid) === series) images.add(id ?? `file ${files[i]!.path}`);
    }
  }
  return images;
}

/** The error for a series whose images lie in several cases. */
export function splitSeries(names: readonly string[], folders: readonly string[]): PleuraError {
  const some = names.slice(0, NAMED).join(", ");
  return new PleuraError("split-series", "Images of one series lie in several cases", {
    stage: "read",
    measured: `${names.length} cases: ${some}${names.length > NAMED ? ", …" : ""}`,
    limit: "one case",
    folders: [...new Set(folders)].slice(0, NAMED),
    hint: "Use --by series or --by study, which gather a series wherever its files lie",
  });
}
