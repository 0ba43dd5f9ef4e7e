import { parseDicom } from "dicom-parser";
import { describe, expect, test } from "vitest";
import { tagOf } from "../../src/dicom/dictionary.ts";
import { decimalString, type Elements, encodeDicomFile, joinParts } from "../../src/dicom/write-elements.ts";

const identity = { sopClass: "1.2.3", sopInstance: "1.2.34" };
const write = (elements: Elements) => joinParts(encodeDicomFile(identity, elements));

describe("encodeDicomFile", () => {
  test("writes items within items, in the order of the tags", () => {
    const bytes = write({
      PixelData: new Uint8Array([1, 2, 3]),
      SegmentSequence: [
        { SegmentNumber: 1, SegmentedPropertyTypeCodeSequence: [{ CodeValue: "1", CodeMeaning: "odd" }] },
        { SegmentNumber: 2, SegmentedPropertyTypeCodeSequence: [] },
      ],
      PatientName: "Ä^B",
    });
    const dataSet = parseDicom(bytes);
    const tags = Object.keys(dataSet.elements).filter((tag) => !tag.startsWith("x0002"));
    expect(tags).toEqual([...tags].sort());
    const [first, second] = dataSet.elements[tagOf("SegmentSequence")]!.items!.map((item) => item.dataSet!);
    expect([first!, second!].map((item) => item.uint16(tagOf("SegmentNumber")))).toEqual([1, 2]);
    const type = first!.elements[tagOf("SegmentedPropertyTypeCodeSequence")]!.items![0]!.dataSet!;
    expect(type.string(tagOf("CodeMeaning"))).toBe("odd");
    expect(second!.elements[tagOf("SegmentedPropertyTypeCodeSequence")]!.length).toBe(0);
    const name = dataSet.elements[tagOf("PatientName")]!;
    expect(new TextDecoder().decode(bytes.subarray(name.dataOffset, name.dataOffset + name.length))).toBe("Ä^B");
    const pixels = dataSet.elements[tagOf("PixelData")]!;
    expect([...bytes.subarray(pixels.dataOffset)]).toEqual([1, 2, 3, 0]);
    expect(dataSet.uint32(tagOf("FileMetaInformationGroupLength"))).toBe(
      dataSet.elements[tagOf("SOPClassUID")]!.dataOffset - 8 - (132 + 12),
    );
  });

  test("writes bytes of another file as they are, padded, and tags, and several numbers", () => {
    const latin = Uint8Array.of(0x4d, 0xfc, 0x6c);
    const dataSet = parseDicom(
      write({ PatientName: latin, DimensionIndexPointer: 0x0062000b, DimensionIndexValues: [1, 70000], StudyID: "" }),
    );
    expect(dataSet.elements[tagOf("PatientName")]!.length).toBe(4);
    expect(dataSet.string(tagOf("PatientName"))).toBe("Mül");
    expect(dataSet.attributeTag(tagOf("DimensionIndexPointer"))).toBe("x0062000b");
    expect([0, 1].map((i) => dataSet.uint32(tagOf("DimensionIndexValues"), i))).toEqual([1, 70000]);
    expect(dataSet.elements[tagOf("StudyID")]!.length).toBe(0);
  });

  test("refuses a value that its length cannot hold", () => {
    expect(() => write({ AlgorithmParameters: "x".repeat(70000) })).toThrow(RangeError);
  });
});

test("decimal strings keep within 16 characters and lose as little as they can", () => {
  for (const value of [0, -1, 0.1, -323.4375, 1 / 3, -1 / 3, -123456.78901234567, 1e-7 / 3, -1.2345678901234e-200]) {
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
  }
  expect(decimalString(-323.4375)).toBe("-323.4375");
  expect(() => decimalString(Number.NaN)).toThrow(RangeError);
});
