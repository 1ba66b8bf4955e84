import { gunzipSync } from "node:zlib";
import { openRawRecorder, type RawRecorderOptions } from "../../collector/raw_recorder.ts";

/** 2026-11-23T03:10:00Z */
const START = Date.UTC(2026, 10, 23, 3, 10);

/** Recorders of a new folder, with a clock and timers that stand still by themselves. */
export async function setUp(options: Partial<RawRecorderOptions> = {}) {
  const folder = `${await Deno.makeTempDir()}/raw`;
  const clock = { now: START };
  const timers: { run: () => void; ms: number }[] = [];
  const problems: string[] = [];
  const recoveries: string[] = [];
  let snapshotRequests = 0;
  const open = () =>
    openRawRecorder({
      folder,
      market: "spot",
      symbols: ["BTCUSDT"],
      now: () => clock.now,
      onProblem: (message) => problems.push(message),
      onRecovered: (message) => recoveries.push(message),
      onSnapshotsNeeded: () => snapshotRequests++,
      setTimer: (run, ms) => timers.push({ run, ms }) as unknown as ReturnType<typeof setTimeout>,
      clearTimer: () => {},
      ...options,
    });
  return {
    folder,
    clock,
    timers,
    problems,
    recoveries,
    snapshotRequests: () => snapshotRequests,
    open,
    /** Name -> text of every file. */
    files() {
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      return Object.fromEntries(
        names.map((name) => [name, gunzipSync(Deno.readFileSync(`${folder}/${name}`)).toString()]),
      );
    },
  };
}
