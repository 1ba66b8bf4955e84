import type { StatusFrame } from "../bus/messages.ts";
import type { Link } from "./session.ts";
import { sizeText } from "./size_text.ts";

export interface StatusWords {
  readonly level: "good" | "warning" | "bad";
  readonly left: string;
  readonly right: string;
}

const BOOK_WORDS = {
  synced: "order book in step",
  syncing: "order book synchronising",
  unknown: "order book unknown",
} as const;

/** What the status line says, for a person. */
export function statusWords(
  status: StatusFrame | null,
  link: Link | null,
  problem: string | null | undefined,
): StatusWords {
  if (link?.state === "lost") {
    const wait = link.retryMs === null ? "" : `, next try in ${Math.ceil(link.retryMs / 1000)} s`;
    return { level: "bad", left: `Connection to the server lost${wait}`, right: "" };
  }
  if (status === null) {
    return { level: "warning", left: problem ?? "Connecting to the server", right: "" };
  }
  // What the last frame said of the feed is no longer known to hold.
  if (link !== null && link.state !== "open") {
    return { level: "bad", left: "Connecting to the server again", right: "" };
  }
  const { feed, state, message, openGaps, lagMs } = status;
  const stopped = status.recording?.state === "stopped";
  const left = [
    stopped ? `RECORDING STOPPED: ${withoutStop(status.recording.message)}` : "",
    feed.message,
    message === feed.message ? "" : message,
    BOOK_WORDS[status.book],
    recordedWords(status),
    gapWords(status),
    backfillWords(status),
  ];
  const notice = status.notices.at(-1);
  if (notice !== undefined && notice.level !== "info") left.push(notice.message);
  const live = state === "live" && status.book === "synced";
  const lag = lagMs === null ? "lag unknown" : `lag ${Math.round(lagMs)} ms`;
  const word = state === "connecting" && status.connected ? "Connected" : STATE_WORDS[state];
  return {
    level: stopped ? "bad" : live && openGaps === 0 ? "good" : "warning",
    left: left.filter((part) => part !== "").join(" · "),
    right: `${word} · ${lag} · times are UTC`,
  };
}

const STATE_WORDS = {
  connecting: "Connecting",
  synchronising: "Synchronising",
  live: "Live",
  stale: "Stale: no data comes",
  offline: "Offline",
} as const;

/** What the banner says when trades no longer go to the disk; null while all is well. */
export function recordingAlarm(status: StatusFrame | null): string | null {
  if (status?.recording?.state !== "stopped") return null;
  const { message } = status.recording;
  return `RECORDING STOPPED: ${withoutStop(message)}. The live chart goes on.`;
}

function recordedWords({ recordedSince, recording }: StatusFrame): string {
  const since = recordedSince === null
    ? "nothing recorded yet"
    : `recorded since ${sinceText(recordedSince)}`;
  if (recording === null) return since;
  const size = recording.bytes === 0 ? "" : ` (${sizeText(recording.bytes)})`;
  if (recording.state !== "off") return since + size;
  const reason = recording.message === "" ? "" : `: ${withoutStop(recording.message)}`;
  return `not recording${reason}`;
}

function gapWords({ openGaps, repairedGaps }: StatusFrame): string {
  const open = openGaps === 0 ? "no open gap" : `${openGaps} open ${plural(openGaps)}`;
  return repairedGaps === 0 ? open : `${open}, ${repairedGaps} repaired`;
}

function plural(gaps: number): string {
  return gaps === 1 ? "gap" : "gaps";
}

/** Rounded down: 100 % is for what is wholly there. */
function backfillWords({ backfill }: StatusFrame): string {
  if (backfill === null) return "";
  const { done, of } = backfill;
  const share = of > 0 ? `: ${Math.floor((100 * Math.min(done, of)) / of)} %` : "";
  return `fetching earlier trades${share}`;
}

/** A message as a part of a longer sentence. */
function withoutStop(message: string): string {
  return message.trim().replace(/\.+$/, "");
}

function sinceText(time: number): string {
  const [date, clock] = new Date(time).toISOString().split("T");
  return `${date} ${clock.slice(0, 5)}`;
}
