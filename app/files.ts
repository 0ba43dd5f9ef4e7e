import type { ServedBy } from "./served-by.ts";

/** Files to be opened as one scan. */
export interface Picked {
  readonly files: readonly File[];
  /** Name of the folder, or of the file without its ending. */
  readonly name: string;
}

/** What an input field gave: a folder's files bear their path, others only their name. */
export function fromInput(list: FileList): Picked {
  const files = [...list];
  const folder = files[0]?.webkitRelativePath.split("/")[0];
  return { files, name: folder || stem(files) };
}

/** What was dropped: files, or folders with all that is in them. */
export async function fromDrop(items: DataTransferItemList): Promise<Picked> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const [only] = entries;
  if (entries.length === 1 && only!.isDirectory) {
    return { files: await filesIn(only as FileSystemDirectoryEntry, ""), name: only!.name };
  }
  const files = (await Promise.all(entries.map((entry) => filesOf(entry, "")))).flat();
  return { files, name: stem(files) };
}

async function filesOf(entry: FileSystemEntry, prefix: string): Promise<File[]> {
  if (entry.isDirectory) return filesIn(entry as FileSystemDirectoryEntry, `${prefix}${entry.name}/`);
  const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  return [prefix === "" ? file : new File([file], prefix + file.name, { lastModified: file.lastModified })];
}

async function filesIn(folder: FileSystemDirectoryEntry, prefix: string): Promise<File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  for (;;) {
    // A reader gives its entries in portions, an empty one at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return files;
    for (const entry of part) files.push(...(await filesOf(entry, prefix)));
  }
}

/** The scan that `pleura view` serves beside the page. */
export async function fromServer(server: ServedBy): Promise<Picked> {
  const list = await server.get("scan/index.json");
  if (!list.ok) throw new Error("The scan cannot be read: open the address that pleura view prints.");
  const { name, files } = (await list.json()) as { name: string; files: { name: string; modified: number }[] };
  const read = async ({ name: path, modified }: (typeof files)[number], i: number): Promise<File> => {
    const answer = await server.get(`scan/${i}`);
    if (!answer.ok) throw new Error(`${path} cannot be read.`);
    return new File([await answer.blob()], path, { lastModified: modified });
  };
  return { name, files: await Promise.all(files.map(read)) };
}

function stem(files: readonly File[]): string {
  return (files[0]?.name ?? "").replace(/(\.nii)?\.[^.]+$/, "") || "case";
}
