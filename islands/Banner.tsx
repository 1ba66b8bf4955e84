import type { Signal } from "@preact/signals";
import type { Session } from "../live/session.ts";

/** What nobody may overlook: a simulated market, a feed that is awaited, a lost server. */
export default function Banner({ session }: { session: Signal<Session | null> }) {
  const link = session.value?.link.value ?? null;
  const feed = session.value?.status.value?.feed ?? null;
  const lost = link?.state === "lost";
  const waiting = feed?.kind === "waiting";
  return (
    <div class="banners" role="status">
      {lost && (
        <p class="banner lost">
          Connection to the server lost, trying again. What you see is not current.
        </p>
      )}
      {feed !== null && (feed.simulated || waiting) && (
        <p class={waiting ? "banner waiting" : "banner simulated"}>{feed.message}</p>
      )}
    </div>
  );
}
