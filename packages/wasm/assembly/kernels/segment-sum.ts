// Sums rows by segment, in the order of the rows.

/** x: [rows, columns]; ids: [rows]; y: [segments, columns]. A task is a range of segments and a range of columns. */
@unmanaged
export class SegmentSumArguments {
  x: usize;
  ids: usize;
  y: usize;
  rows: i32;
  columns: i32;
  segments: i32;
  segmentsPerTask: i32;
  columnsPerTask: i32;
}

export function segmentSum(a: SegmentSumArguments, task: u32, thread: u32): void {
  const columnTasks = (a.columns + a.columnsPerTask - 1) / a.columnsPerTask;
  const firstSegment = (<i32>task / columnTasks) * a.segmentsPerTask;
  const firstColumn = (<i32>task % columnTasks) * a.columnsPerTask;
  const segments = min(a.segmentsPerTask, a.segments - firstSegment);
  const columns = min(a.columnsPerTask, a.columns - firstColumn);
  const stride = (<usize>a.columns) << 2;
  const y = a.y + <usize>firstSegment * stride + ((<usize>firstColumn) << 2);
  clear(y, segments, columns, stride);
  let x = a.x + ((<usize>firstColumn) << 2);
  for (let row = 0; row < a.rows; row++, x += stride) {
    const segment = load<i32>(a.ids + ((<usize>row) << 2)) - firstSegment;
    if (<u32>segment < <u32>segments) addTo(y + <usize>segment * stride, x, columns);
  }
}

function clear(y: usize, rows: i32, columns: i32, stride: usize): void {
  const bytes = (<usize>columns) << 2;
  if (bytes == stride) return memory.fill(y, 0, <usize>rows * stride);
  for (let row = 0; row < rows; row++) memory.fill(y + <usize>row * stride, 0, bytes);
}

/** y += x for this many numbers. */
function addTo(y: usize, x: usize, columns: i32): void {
  const whole = y + ((<usize>columns & ~3) << 2);
  const end = y + ((<usize>columns) << 2);
  for (; y < whole; y += 16, x += 16) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  for (; y < end; y += 4, x += 4) store<f32>(y, load<f32>(y) + load<f32>(x));
}
