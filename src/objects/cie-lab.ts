/**
 * A colour as DICOM's recommended display value: L*, a*, b* with a white of D50, each scaled to 16 bits.
 *
 * Source: DICOM PS3.3, C.10.7.1.1; sRGB to XYZ adapted to D50 by Bradford's matrix (IEC 61966-2-1).
 *
 * @param rgb - red, green, blue in sRGB, 0 to 255
 */
export function cieLab(rgb: readonly [number, number, number]): readonly [number, number, number] {
  const [r, g, b] = rgb.map((byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const x = 0.4360747 * r + 0.3850649 * g + 0.1430804 * b;
  const y = 0.2225045 * r + 0.7168786 * g + 0.0606169 * b;
  const z = 0.0139322 * r + 0.0971045 * g + 0.7141733 * b;
  const [fx, fy, fz] = [x / 0.96422, y, z / 0.82521].map((v) =>
    v > 216 / 24389 ? Math.cbrt(v) : ((24389 / 27) * v + 16) / 116,
  ) as [number, number, number];
  const sixteen = (v: number): number => Math.round(Math.min(Math.max(v, 0), 1) * 65535);
  return [
    sixteen((116 * fy - 16) / 100),
    sixteen((500 * (fx - fy) + 128) / 255),
    sixteen((200 * (fy - fz) + 128) / 255),
  ];
}
