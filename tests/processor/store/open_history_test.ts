import assert from "node:assert/strict";
import { join } from "node:path";
import { DATABASE_FILE, openDatabase } from "../../../processor/store/database.ts";
import { openHistory } from "../../../processor/store/open_history.ts";

Deno.test("openHistory gives the file back when a table in it cannot be read", async () => {
  const folder = await Deno.makeTempDir({ prefix: "footprint-history-" });
  const path = join(folder, DATABASE_FILE);
  const options = { onMessage: assert.fail };
  const database = await openDatabase(path, options);
  const connection = await database.connection();
  await connection.run("DROP VIEW liquidity_1s_cells; DROP TABLE liquidity_1s_bins");
  await database.close();
  const opened = openHistory({
    ...{ ...options, folder, market: "spot", dropTrades: () => {} },
    onLost: (symbol) => assert.fail(symbol),
  });
  await assert.rejects(opened, /liquidity_1s_bins/);
  const elsewhere = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("hold_database.ts", import.meta.url).href, path],
    stdin: "null",
  }).output();
  assert.equal(new TextDecoder().decode(elsewhere.stdout), "open\n");
  await Deno.remove(folder, { recursive: true });
});
