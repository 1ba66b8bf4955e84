import { type Signal, useComputed } from "@preact/signals";
import { statusWords } from "../live/status_words.ts";
import type { Session } from "../live/session.ts";

/** One line that says in words what is recorded, how far back, and whether anything is missing. */
export default function StatusLine({ session }: { session: Signal<Session | null> }) {
  const words = useComputed(() => {
    const open = session.value;
    return statusWords(open?.status.value ?? null, open?.link.value ?? null, open?.problem.value);
  });
  const { level, left, right } = words.value;
  return (
    <footer class={`status-line ${level}`}>
      <span class="status-left" title={left}>{left}</span>
      <span class="status-right">{right}</span>
    </footer>
  );
}
