// A label map as runs of equal values: src/formats/label-nifti.ts.

/** One label: pointers to its mask's runs, int32 arrays as in src/ops/runs.ts, and its value. */
// @ts-expect-error: decorator
@unmanaged
class LabelRuns {
  start: usize;
  end: usize;
  rowStart: usize;
  value: i32;
}

/**
 * Writes what each voxel is labelled, the later label counting, as runs over all rows.
 *
 * @param labels - so many LabelRuns
 * @param next - int32[count], scratch
 * @param values - uint8, room for two runs more than all masks have ends
 * @param lengths - the same as int32
 * @returns number of runs
 */
export function mergeLabels(
  labels: usize,
  count: i32,
  rows: i32,
  nx: i32,
  next: usize,
  values: usize,
  lengths: usize,
): i32 {
  let runs = 0;
  let value = 0;
  let length = 0;
  for (let l: usize = 0; l < <usize>count; l++) store<i32>(next + (l << 2), 0);
  for (let row: usize = 0; row < <usize>rows; row++) {
    for (let x = 0; x < nx; ) {
      let here = 0;
      let change = nx;
      for (let l: usize = 0; l < <usize>count; l++) {
        const label = changetype<LabelRuns>(labels + (l << 4));
        const last = load<i32>(label.rowStart + (row << 2), 4);
        let i = load<i32>(next + (l << 2));
        while (i < last && load<i32>(label.end + ((<usize>i) << 2)) <= x) i++;
        store<i32>(next + (l << 2), i);
        if (i == last) continue;
        const start = load<i32>(label.start + ((<usize>i) << 2));
        if (start <= x) {
          here = label.value;
          change = min(change, load<i32>(label.end + ((<usize>i) << 2)));
        } else change = min(change, start);
      }
      if (here == value) length += change - x;
      else {
        if (length != 0) {
          store<u8>(values + <usize>runs, <u8>value);
          store<i32>(lengths + ((<usize>runs) << 2), length);
          runs++;
        }
        value = here;
        length = change - x;
      }
      x = change;
    }
    // What ends with the row is behind the next one's first column.
    for (let l: usize = 0; l < <usize>count; l++) {
      store<i32>(next + (l << 2), load<i32>(changetype<LabelRuns>(labels + (l << 4)).rowStart + (row << 2), 4));
    }
  }
  store<u8>(values + <usize>runs, <u8>value);
  store<i32>(lengths + ((<usize>runs) << 2), length);
  return runs + 1;
}
