import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { errorText } from "../../bus/error_text.ts";
import { setBrokenFileAside } from "./broken_file.ts";
import { loadDuckDb } from "./load_duckdb.ts";
import { migrate, type Migration, MIGRATIONS } from "./migrations.ts";

/** The file in the data folder of a feed. */
export const DATABASE_FILE = "heatmap_history.duckdb";
/** A path that means a database without a file. */
export const IN_MEMORY = ":memory:";

export interface Database {
  /** A new connection: what runs on one waits for what runs there already. Ends with `close`. */
  connection(): Promise<DuckDBConnection>;
  /** What it takes on the disk. */
  bytes(): Promise<number>;
  /** Writes everything into the one file, and gives it back. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Something that belongs in the log. */
  onMessage(message: string): void;
  readonly migrations?: readonly Migration[];
  /** UTC ms. */
  readonly now?: () => number;
}

/**
 * Opens the processor's database and brings its tables up to date. A file that is broken is set
 * aside, and a new one begun.
 *
 * @throws when another process has it, when a newer footprint wrote it, or when it is unreadable
 */
export async function openDatabase(path: string, options: DatabaseOptions): Promise<Database> {
  const { onMessage, migrations = MIGRATIONS, now = Date.now } = options;
  // Two times: the log of the last writes is set aside alone, and then the rest may be broken too.
  for (let attempts = 0; attempts < 2; attempts++) {
    try {
      return await open(path, migrations, now());
    } catch (error) {
      const reason = errorText(error);
      const name = path === IN_MEMORY ? null : await setBrokenFileAside(path, reason, now());
      if (name === null) throw refusal(path, error);
      onMessage(`${path} is broken and was set aside as ${name}: ${reason}`);
    }
  }
  return await open(path, migrations, now());
}

async function open(
  path: string,
  migrations: readonly Migration[],
  now: number,
): Promise<Database> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(path, settings(path));
  try {
    const connection = await instance.connect();
    await migrate(connection, migrations, now);
    return databaseOf(path, instance, connection);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Small enough for a small server; what needs more memory goes to the disk, beside the file. */
function settings(path: string): Record<string, string> {
  return {
    memory_limit: "256MB",
    threads: "2",
    temp_directory: path === IN_MEMORY ? "" : `${path}.tmp`,
    max_temp_directory_size: "2GB",
    // Of a new file: what is appended a little at a time would leave larger blocks half empty.
    default_block_size: "65536",
    // Rows come back in the order that a query asks for; keeping another costs memory.
    preserve_insertion_order: "false",
    // Nothing is ever fetched from the network.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  };
}

function databaseOf(path: string, instance: DuckDBInstance, own: DuckDBConnection): Database {
  const connections: DuckDBConnection[] = [];
  let isClosed = false;
  return {
    async connection() {
      if (isClosed) throw new Error(`${path} is closed`);
      const connection = await instance.connect();
      connections.push(connection);
      return connection;
    },
    bytes: () => bytesOnDisk(path),
    async close() {
      if (isClosed) return;
      isClosed = true;
      try {
        for (const connection of connections) connection.closeSync();
        await own.run("CHECKPOINT");
      } finally {
        own.closeSync();
        instance.closeSync();
      }
    },
  };
}

/** Sizes only: opening and closing the file would end DuckDB's lock on it, as such locks are. */
async function bytesOnDisk(path: string): Promise<number> {
  if (path === IN_MEMORY) return 0;
  let bytes = 0;
  for (const file of [path, `${path}.wal`]) {
    const { size } = await Deno.stat(file).catch(() => ({ size: 0 }));
    bytes += size;
  }
  return bytes;
}

/** The same in words for the person who started the program. */
function refusal(path: string, error: unknown): Error {
  const reason = errorText(error);
  if (/Could not set lock|being used by another process/.test(reason)) {
    const holder = /\(PID \d+\)/.exec(reason)?.[0];
    const who = holder === undefined ? "another process" : `another process ${holder}`;
    return new Error(`${path} is in use by ${who}: stop it, or choose another --data-dir`, {
      cause: error,
    });
  }
  return new Error(`${path} cannot be opened: ${reason}`, { cause: error });
}
