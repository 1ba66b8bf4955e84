import type { Signal } from "@preact/signals";
import type { Session } from "../live/session.ts";
import { recordingAlarm } from "../live/status_words.ts";

/** What nobody may overlook: a lost server, a stopped recording, a simulated or awaited market. */
export default function Banner({ session }: { session: Signal<Session | null> }) {
  const link = session.value?.link.value ?? null;
  const status = session.value?.status.value ?? null;
  const feed = status?.feed ?? null;
  const alarm = recordingAlarm(status);
  // Each new try says "connecting" for a moment: what is shown is as old as before.
  const lost = link?.state === "lost" || (link?.state === "connecting" && status !== null);
  const waiting = feed?.kind === "waiting";
  return (
    <div class="banners" role="status">
      {lost && (
        <p class="banner lost">
          Connection to the server lost, trying again. What you see is not current.
        </p>
      )}
      {alarm !== null && <p class="banner lost" role="alert">{alarm}</p>}
      {feed !== null && (feed.simulated || waiting) && (
        <p class={waiting ? "banner waiting" : "banner simulated"}>{feed.message}</p>
      )}
    </div>
  );
}
