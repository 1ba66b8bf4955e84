const UNITS = ["kB", "MB", "GB", "TB"];

/** A size in decimal units: 999 bytes, 1.2 kB, 12 MB. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  let unit = 0;
  let value = bytes / 1000;
  // What would be rounded up to 1000 is 1.0 of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit]}`;
}
