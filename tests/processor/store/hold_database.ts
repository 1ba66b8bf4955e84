// Another process that has a database open: opens the given file, writes to it when told how, says
// so, and waits for its end.
import { loadDuckDb } from "../../../processor/store/load_duckdb.ts";

const [path, ...statements] = Deno.args;
const { DuckDBInstance } = await loadDuckDb();
const connection = await (await DuckDBInstance.create(path)).connect();
for (const sql of statements) await connection.run(sql);
console.log("open");
await Deno.stdin.read(new Uint8Array(1));
// Without a checkpoint, as after a loss of power.
Deno.kill(Deno.pid, "SIGKILL");
