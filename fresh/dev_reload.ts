/** The browser's side of dev_events.ts; part of development builds alone. */
export function reloadAfterRestart(): void {
  const base = new URL("../dev-events", import.meta.url);
  let first: string | undefined;
  new EventSource(base).addEventListener("message", ({ data }) => {
    first ??= data;
    if (data !== first) location.reload();
  });
}
