const DAY_MS = 86_400_000;

/** The UTC day of a trade time, as the folders are named: "2024-08-09". */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The first ms after a day. */
export function endOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS;
}

export function isDay(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(name) && !Number.isNaN(Date.parse(name));
}

export function segmentName(firstId: number, lastId: number): string {
  return `${firstId}-${lastId}.parquet`;
}

/** The ids that the name of a segment promises, or null for another file. */
export function parseSegmentName(name: string): { firstId: number; lastId: number } | null {
  const match = /^(\d+)-(\d+)\.parquet$/.exec(name);
  return match === null ? null : { firstId: Number(match[1]), lastId: Number(match[2]) };
}

export function journalName(number: number): string {
  return `journal-${number}.bin`;
}

/** The number of a journal, also of one set aside ("journal-3.bin.aside"), or null. */
export function journalNumber(name: string): number | null {
  const match = /^journal-(\d+)\.bin/.exec(name);
  return match === null ? null : Number(match[1]);
}

export function isJournal(name: string): boolean {
  return /^journal-\d+\.bin$/.test(name);
}

export function isTemporary(name: string): boolean {
  return name.endsWith(".tmp");
}
