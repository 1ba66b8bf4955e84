// Proves that the executable can load DuckDB in a worker, as the processor does. It can go when the
// processor itself uses the database.
import { loadDuckDb } from "../processor/store/load_duckdb.ts";

if (import.meta.main && !("WorkerGlobalScope" in globalThis)) {
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => {
    console.log(data);
    Deno.exit(0);
  };
} else {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(":memory:");
  const reader = await (await instance.connect()).runAndReadAll("SELECT 42 AS answer");
  self.postMessage(`DuckDB answers ${reader.getRows()[0][0]}`);
}
