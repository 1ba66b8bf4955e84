/** The live path waits no longer than this for a large answer. */
const TURN_MS = 10;

/** Maps a long list a piece after the other; between them others get their turn. */
export async function mapInTurns<T, Mapped>(
  items: readonly T[],
  map: (item: T, i: number) => Mapped,
): Promise<Mapped[]> {
  const mapped: Mapped[] = [];
  let end = performance.now() + TURN_MS;
  for (const [i, item] of items.entries()) {
    mapped.push(map(item, i));
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + TURN_MS;
  }
  return mapped;
}
