import type { StatusFrame } from "../bus/messages.ts";
import type { Link } from "./session.ts";

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
  const { feed, state, message, recordedSince, openGaps, lagMs } = status;
  const left = [
    feed.message,
    message === feed.message ? "" : message,
    BOOK_WORDS[status.book],
    recordedSince === null ? "nothing recorded yet" : `recorded since ${sinceText(recordedSince)}`,
    openGaps === 0 ? "no open gap" : `${openGaps} open ${openGaps === 1 ? "gap" : "gaps"}`,
  ];
  const notice = status.notices.at(-1);
  if (notice !== undefined && notice.level !== "info") left.push(notice.message);
  const live = state === "live" && status.book === "synced";
  const lag = lagMs === null ? "" : ` · lag ${Math.round(lagMs)} ms`;
  return {
    level: live && openGaps === 0 ? "good" : "warning",
    left: left.filter((part) => part !== "").join(" · "),
    right: `${STATE_WORDS[state]}${lag} · times are UTC`,
  };
}

const STATE_WORDS = {
  connecting: "Connecting",
  synchronising: "Synchronising",
  live: "Live",
  stale: "Stale: no data comes",
  offline: "Offline",
} as const;

function sinceText(time: number): string {
  const [date, clock] = new Date(time).toISOString().split("T");
  return `${date} ${clock.slice(0, 5)}`;
}
