import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { encodeNifti } from "../../src/formats/nifti.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { dicomFile, type Elements, words } from "./dicom.ts";

const SIZE = 64;
const SLICES = 24;

/** What is planted wherever an input has room for text. */
export interface Plants {
  /** Stands in every text, at its end or beginning; may hold control characters. */
  readonly mark: string;
  /** Begins every UID. */
  readonly uid: string;
  /** Ends the names of files. */
  readonly fileMark: string;
}

/**
 * Fills a folder with a case for each format and each trouble, and plants text in every place of a header, in
 * the names of files and in folders inside a case. Only the names of the cases are clean.
 *
 * @returns the cases that can be done, and those that fail
 */
export async function writePlanted(folder: string, plants: Plants): Promise<{ done: string[]; failed: string[] }> {
  const { mark, uid, fileMark } = plants;
  const scan = makePhantom({ size: SIZE, slices: SLICES, spacing: [8, 5, 5] });
  const plane = SIZE * SIZE;
  const text: Elements = {
    PatientName: `${mark}^Quentin`,
    PatientID: mark,
    PatientBirthDate: "19610704",
    PatientComments: mark,
    AccessionNumber: mark,
    InstitutionName: mark,
    ReferringPhysicianName: mark,
    StudyDescription: mark,
    SeriesDescription: mark,
    ProtocolName: mark,
    ImageComments: mark,
    PrivateText: mark,
    SeriesInstanceUID: `${uid}.1`,
    Rows: SIZE,
    Columns: SIZE,
  };
  const slice = (k: number, changed: Elements = {}): Elements => ({
    ...text,
    SOPInstanceUID: `${uid}.1.${k}`,
    InstanceNumber: k + 1,
    ImagePositionPatient: [0, 0, 8 * k],
    PixelSpacing: [5, 5],
    PixelData: words(scan.voxels.subarray(k * plane, (k + 1) * plane)),
    ...changed,
  });
  const nameOf = (k: number) => `${k}-${fileMark}.dcm`;
  const series = async (name: string, file: (k: number) => Uint8Array, inner = fileMark) => {
    const path = join(folder, name, inner);
    await mkdir(path, { recursive: true });
    for (let k = 0; k < SLICES; k++) await writeFile(join(path, nameOf(k)), file(k));
    return path;
  };

  const sound = await series("sound", (k) => dicomFile(slice(k)));
  await writeFile(join(sound, `${fileMark}.txt`), mark);
  await writeFile(join(sound, `mr-${fileMark}.dcm`), dicomFile(slice(0, { Modality: fileMark.slice(0, 8) })));
  for (const k of [0, 1]) {
    const other = { SeriesInstanceUID: `${uid}.7`, ImageType: `DERIVED\\SECONDARY\\${fileMark.slice(0, 12)}` };
    await writeFile(join(sound, `other-${nameOf(k)}`), dicomFile(slice(k, other)));
  }
  await series("no-numbers", (k) => dicomFile(slice(k, { SeriesInstanceUID: `${uid}.${1 + (k % 2)}` })));
  await series("cut", (k) => (k === 7 ? dicomFile(slice(k)).subarray(0, 2000) : dicomFile(slice(k))));
  await series("syntax", (k) => dicomFile(slice(k), `${uid}.99`));
  await series("gap", (k) => dicomFile(slice(k, k > 9 ? { ImagePositionPatient: [0, 0, 8 * k + 16] } : {})));
  await series("no-spacing", (k) => dicomFile(slice(k, { PixelSpacing: null })));
  await series("text-spacing", (k) => dicomFile(slice(k, { PixelSpacing: `${mark}\\${mark}` })));
  await series("text-position", (k) => dicomFile(slice(k, { ImagePositionPatient: `${mark}\\${mark}\\${mark}` })));
  await series("text-slope", (k) => dicomFile(slice(k, { RescaleSlope: mark })));
  await series("text-orientation", (k) => dicomFile(slice(k, { ImageOrientationPatient: mark })));
  const broken = Uint8Array.from([
    0xfe,
    0xff,
    0,
    0xe0,
    0,
    0,
    0,
    0,
    0xfe,
    0xff,
    0,
    0xe0,
    8,
    0,
    0,
    0,
    ...strToU8("nonsense"),
  ]);
  await series("frames", (k) => dicomFile(slice(k, { PixelData: broken }), "1.2.840.10008.1.2.4.90"));
  await mkdir(join(folder, "no-dicom", fileMark), { recursive: true });
  await writeFile(join(folder, "no-dicom", fileMark, `${fileMark}.txt`), mark);
  const linked = await series("link", (k) => dicomFile(slice(k)));
  await symlink(join(linked, `${fileMark}-nowhere`), join(linked, `x-${fileMark}.dcm`));

  const entries = (cut: boolean) =>
    Object.fromEntries(
      Array.from({ length: SLICES }, (_, k) => {
        const bytes = dicomFile(slice(k));
        return [`${fileMark}/${nameOf(k)}`, cut && k === 5 ? bytes.subarray(0, 2000) : bytes];
      }),
    );
  for (const [name, cut] of [
    ["zip-sound", false],
    ["zip-cut", true],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, `${fileMark}.zip`), zipSync(entries(cut), { level: 1 }));
  }
  await mkdir(join(folder, "zip-broken"));
  await writeFile(
    join(folder, "zip-broken", `${fileMark}.zip`),
    zipSync(entries(false), { level: 1 }).subarray(0, 9000),
  );

  const voxels = new Uint8Array(scan.voxels.buffer, scan.voxels.byteOffset, scan.voxels.byteLength);
  const image = (name: string, header: readonly string[], data: Uint8Array = voxels) =>
    writeFile(join(folder, name), Buffer.concat([Buffer.from(header.join("\n"), "latin1"), data]));
  const nrrd = (changed: Readonly<Record<string, string>> = {}) => {
    const fields = { type: "short", dimension: "3", sizes: `${SIZE} ${SIZE} ${SLICES}`, endian: "little" };
    const more = { encoding: "raw", "space directions": "(5,0,0) (0,5,0) (0,0,8)", "space origin": "(0,0,0)" };
    const all = { ...fields, space: "left-posterior-superior", ...more, content: mark, ...changed };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
    return ["NRRD0005", `# ${mark}`, ...lines, `${mark}:=${mark}`, "", ""];
  };
  await image("nrrd-sound.nrrd", nrrd());
  await image("nrrd-type.nrrd", nrrd({ type: mark }));
  await image("nrrd-encoding.nrrd", nrrd({ encoding: mark }));
  await image("nrrd-space.nrrd", nrrd({ space: mark }));
  await image("nrrd-directions.nrrd", nrrd({ "space directions": `(${mark},0,0) (0,1,0) (0,0,1)` }));
  await image("nrrd-sizes.nrrd", nrrd({ sizes: `${mark} 64 24` }));
  await image("nrrd-data.nhdr", nrrd({ "data file": `${fileMark}.raw` }));
  const mha = (changed: Readonly<Record<string, string>> = {}) => {
    const fields = { ObjectType: "Image", NDims: "3", Comment: mark, PatientName: mark, BinaryData: "True" };
    const more = { DimSize: `${SIZE} ${SIZE} ${SLICES}`, ElementSpacing: "5 5 8", ElementType: "MET_SHORT" };
    const all: Record<string, string> = { ...fields, ...more, ...changed };
    const { ElementDataFile = "LOCAL", ...others } = all;
    return [...Object.entries({ ...others, ElementDataFile }).map(([key, value]) => `${key} = ${value}`), ""];
  };
  await image("mha-sound.mha", mha());
  await image("mha-type.mha", mha({ ElementType: mark }));
  await image("mha-channels.mha", mha({ ElementNumberOfChannels: mark }));
  await image("mha-spacing.mha", mha({ ElementSpacing: `${mark} 1 1` }));
  await image("mha-size.mha", mha({ DimSize: `${mark} 1 1` }));
  await image("mha-data.mhd", mha({ ElementDataFile: `${fileMark}.raw` }));
  await image("mha-list.mhd", mha({ ElementDataFile: `${fileMark}%03d.raw 1 2 1` }));
  const nifti = (change?: (view: DataView) => void): Uint8Array => {
    const bytes = Uint8Array.from(encodeNifti(scan));
    // data_type, db_name, descrip, aux_file, intent_name
    for (const [at, length] of [
      [4, 10],
      [14, 18],
      [148, 80],
      [228, 24],
      [328, 16],
    ] as const) {
      bytes.set(Buffer.from(mark, "latin1").subarray(0, length), at);
    }
    change?.(new DataView(bytes.buffer));
    return bytes;
  };
  await image("nifti-sound.nii", [], nifti());
  await image(
    "nifti-type.nii",
    [],
    nifti((view) => view.setInt16(70, 999, true)),
  );
  await image("nifti-cut.nii", [], nifti().subarray(0, 5000));
  return {
    done: ["sound", "zip-sound", "nrrd-sound", "mha-sound", "nifti-sound"],
    failed: [
      "cut",
      "syntax",
      "gap",
      "no-spacing",
      "frames",
      "no-dicom",
      "zip-cut",
      "zip-broken",
      "nrrd-type",
      "nrrd-encoding",
      "nrrd-space",
      "nrrd-directions",
      "nrrd-sizes",
      "nrrd-data",
      "mha-type",
      "mha-channels",
      "mha-spacing",
      "mha-size",
      "mha-data",
      "mha-list",
      "nifti-type",
      "nifti-cut",
    ],
  };
}
