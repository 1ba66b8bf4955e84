import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Database,
  DATABASE_FILE,
  IN_MEMORY,
  openDatabase,
} from "../../../processor/store/database.ts";
import { loadDuckDb } from "../../../processor/store/load_duckdb.ts";
import { MIGRATIONS } from "../../../processor/store/migrations.ts";

const NOW = Date.UTC(2026, 10, 23, 4, 5, 6, 789);
const PETS = { version: 1, sql: "CREATE TABLE pets (name VARCHAR);" };
const AGES = {
  version: 2,
  sql: "ALTER TABLE pets ADD COLUMN age INTEGER; UPDATE pets SET age = 3;",
};

interface Fixture {
  readonly path: string;
  readonly messages: string[];
  open(migrations?: typeof MIGRATIONS): Promise<Database>;
}

/** A database file in a folder that ends with the test. */
async function inFolder(test: (fixture: Fixture) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "footprint-database-" });
  const path = join(folder, DATABASE_FILE);
  const messages: string[] = [];
  const onMessage = (message: string) => messages.push(message);
  const open = (migrations = MIGRATIONS) =>
    openDatabase(path, { onMessage, migrations, now: () => NOW });
  try {
    await test({ path, messages, open });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function rows(database: Database, sql: string): Promise<unknown[][]> {
  const connection = await database.connection();
  return (await connection.runAndReadAll(sql)).getRows();
}

/** Runs SQL on a file as another program would. */
async function byHand(path: string, sql: string): Promise<void> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Another process with the file open, until it is disposed. */
async function heldElsewhere(path: string, ...statements: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("hold_database.ts", import.meta.url).href, path, ...statements],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  assert.equal(new TextDecoder().decode(value), "open\n");
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
      await output.cancel();
    },
  };
}

Deno.test("a new database has all tables and the newest version", () =>
  inFolder(async ({ open, messages }) => {
    const database = await open();
    const tables = await rows(database, "SELECT table_name FROM duckdb_tables() ORDER BY 1");
    const names = tables.flat();
    for (const prefix of ["gaps", "book_known", "schema_version", "walls"]) {
      assert.ok(names.some((name) => String(name).startsWith(prefix)), `${prefix} in ${names}`);
    }
    assert.deepEqual(
      await rows(database, "SELECT * FROM schema_version ORDER BY version"),
      MIGRATIONS.map(({ version }) => [version, BigInt(NOW)]),
    );
    await database.close();
    assert.deepEqual(messages, []);
  }));

Deno.test("a database in memory works and takes nothing on the disk", async () => {
  const database = await openDatabase(IN_MEMORY, { onMessage: assert.fail });
  assert.deepEqual(await rows(database, "SELECT count(*) FROM gaps"), [[0n]]);
  assert.equal(await database.bytes(), 0);
  await database.close();
});

Deno.test("the database keeps to a quarter of a gigabyte and to the data folder", () =>
  inFolder(async ({ open, path }) => {
    const database = await open();
    const [settings] = await rows(
      database,
      `SELECT current_setting('memory_limit'), current_setting('threads'),
         current_setting('temp_directory'), current_setting('autoinstall_known_extensions')`,
    );
    assert.deepEqual(settings, ["244.1 MiB", 2n, `${path}.tmp`, false]);
    await database.close();
  }));

Deno.test("what was written is there after a close, in one file", () =>
  inFolder(async ({ open, path }) => {
    const first = await open([PETS]);
    await (await first.connection()).run("INSERT INTO pets VALUES ('Ada')");
    await first.close();
    await assert.rejects(Deno.stat(`${path}.wal`), Deno.errors.NotFound);
    const second = await open([PETS]);
    assert.deepEqual(await rows(second, "SELECT * FROM pets"), [["Ada"]]);
    assert.equal(await second.bytes(), (await Deno.stat(path)).size);
    await second.close();
    await assert.rejects(second.connection(), /is closed/);
    await second.close();
  }));

Deno.test("a file of version 1 is migrated forward with what it holds", () =>
  inFolder(async ({ open, path }) => {
    await byHand(
      path,
      `CREATE TABLE schema_version (version INTEGER PRIMARY KEY, migrated BIGINT NOT NULL);
       INSERT INTO schema_version VALUES (1, 1000);
       CREATE TABLE pets (name VARCHAR);
       INSERT INTO pets VALUES ('Ada');`,
    );
    const database = await open([AGES, PETS]);
    assert.deepEqual(await rows(database, "SELECT * FROM pets"), [["Ada", 3]]);
    assert.deepEqual(await rows(database, "SELECT * FROM schema_version ORDER BY 1"), [
      [1, 1000n],
      [2, BigInt(NOW)],
    ]);
    await database.close();
  }));

/** A row for each table of ours, as it was written when the table was new. */
const OLD_ROWS: Readonly<Record<number, readonly string[]>> = {
  1: [
    "INSERT INTO gaps VALUES ('spot', 'BTCUSDT', 1, 'book', 1, 2, 'cut', false, NULL, NULL)",
    "INSERT INTO book_known VALUES ('spot', 'BTCUSDT', 3)",
  ],
  2: ["INSERT INTO walls VALUES ('spot', 'BTCUSDT', 'bid', 9, 1, 2, 5, 0, 4, 'pulled')"],
  3: [
    "INSERT INTO liquidity_series VALUES (1, 'spot', 'BTCUSDT', 2, 1, 8, 1, 100, 1000)",
    "INSERT INTO liquidity_1s_bins VALUES (1, 1000, 5, 9, true)",
    "INSERT INTO liquidity_1s VALUES (1, 1000, true, 6, 0, 0, 7, 0)",
    "INSERT INTO liquidity_1m_bins VALUES (1, 60000, 5, 9, true)",
    "INSERT INTO liquidity_1m VALUES (1, 60000, true, 6, 0, 0, 7, 0)",
  ],
  4: [
    "INSERT INTO rollup_symbols VALUES (1, 'spot', 'BTCUSDT', 2, 1, 8, 1, 100)",
    "INSERT INTO candle_1m VALUES (1, 0, 1, 2, 1, 2, 0, 3, 1, 7, 7, 3, 0, true, true)",
    "INSERT INTO footprint_1m VALUES (1, 0, 0, 3, 0, 1, 0)",
  ],
};

for (const { version } of MIGRATIONS) {
  Deno.test(`what version ${version} of the tables held is there in the newest`, () =>
    inFolder(async ({ open }) => {
      const old = await open(MIGRATIONS.filter((one) => one.version <= version));
      const connection = await old.connection();
      const statements = Object.entries(OLD_ROWS)
        .filter(([since]) => Number(since) <= version).flatMap(([, all]) => all);
      assert.ok(OLD_ROWS[version].length > 0);
      const tables = statements.map((sql) => sql.split(" ")[2]);
      for (const sql of statements) await connection.run(sql);
      const held = await Promise.all(tables.map((table) => rows(old, `FROM ${table}`)));
      await old.close();
      const newest = await open();
      const found = await Promise.all(tables.map((table) => rows(newest, `FROM ${table}`)));
      assert.deepEqual(found, held);
      assert.deepEqual(await rows(newest, "SELECT max(version) FROM schema_version"), [
        [MIGRATIONS.length],
      ]);
      await newest.close();
    }));
}

Deno.test("a migration that fails changes nothing", () =>
  inFolder(async ({ open, messages }) => {
    await (await open([PETS])).close();
    const broken = { version: 2, sql: "DROP TABLE pets; SELECT * FROM nowhere;" };
    await assert.rejects(
      open([PETS, broken]),
      /heatmap_history\.duckdb cannot be opened: .*version 2.*nowhere/s,
    );
    const database = await open([PETS]);
    assert.deepEqual(await rows(database, "SELECT * FROM pets"), []);
    await database.close();
    assert.deepEqual(messages, []);
  }));

Deno.test("a file of a newer version is refused, and left as it is", () =>
  inFolder(async ({ open, path, messages }) => {
    await (await open([PETS, AGES])).close();
    const before = await Deno.readFile(path);
    await assert.rejects(open([PETS]), /have version 2, .* knows them up to version 1/);
    assert.deepEqual(await Deno.readFile(path), before);
    assert.deepEqual(messages, []);
  }));

Deno.test("a file that is no database is set aside under a name that is free", () =>
  inFolder(async ({ open, path, messages }) => {
    const aside = `${path}.broken-2026-11-23T04-05-06.789Z`;
    for (const [text, name] of [["first", aside], ["second", `${aside}-2`]]) {
      await Deno.writeTextFile(path, text);
      const database = await open();
      assert.deepEqual(await rows(database, "SELECT count(*) FROM gaps"), [[0n]]);
      await database.close();
      assert.equal(await Deno.readTextFile(name), text);
      assert.match(messages.at(-1)!, /is broken and was set aside as .*: .*not a valid/);
      assert.ok(messages.at(-1)!.includes(name));
      await Deno.remove(path);
    }
    assert.equal(messages.length, 2);
  }));

Deno.test("a file with a changed or missing part is set aside", () =>
  inFolder(async ({ open, path, messages }) => {
    await (await open()).close();
    const bytes = await Deno.readFile(path);
    const changed = bytes.slice();
    changed[20] ^= 0xff;
    for (const content of [changed, bytes.slice(0, 20_000), new Uint8Array(0)]) {
      await Deno.writeFile(path, content);
      await (await open()).close();
    }
    assert.equal(messages.length, 3);
  }));

Deno.test("of a file with a broken log only the log is set aside", () =>
  inFolder(async ({ open, path, messages }) => {
    await (await open([PETS])).close();
    await byHand(path, "INSERT INTO pets VALUES ('Ada')");
    await (await heldElsewhere(path, "INSERT INTO pets VALUES ('Bob')"))[Symbol.asyncDispose]();
    const log = await Deno.readFile(`${path}.wal`);
    log[60] ^= 0xff;
    await Deno.writeFile(`${path}.wal`, log);
    const database = await open([PETS]);
    assert.deepEqual(await rows(database, "SELECT * FROM pets"), [["Ada"]]);
    await database.close();
    assert.equal(messages.length, 1);
    assert.deepEqual(await Deno.readFile(`${path}.wal.broken-2026-11-23T04-05-06.789Z`), log);
  }));

Deno.test("what a killed process wrote is there", () =>
  inFolder(async ({ open, path, messages }) => {
    await (await open([PETS])).close();
    await (await heldElsewhere(path, "INSERT INTO pets VALUES ('Bob')"))[Symbol.asyncDispose]();
    const database = await open([PETS]);
    assert.deepEqual(await rows(database, "SELECT * FROM pets"), [["Bob"]]);
    await database.close();
    assert.deepEqual(messages, []);
  }));

Deno.test("a file that another process has open is refused, and told by whom", () =>
  inFolder(async ({ open, path, messages }) => {
    await (await open([PETS])).close();
    await using holder = await heldElsewhere(path);
    await assert.rejects(
      open([PETS]),
      new RegExp(`is in use by another process \\(PID ${holder.pid}\\): stop it`),
    );
    await Deno.stat(path);
    assert.deepEqual(messages, []);
  }));

Deno.test("a folder that is missing is no broken file", () =>
  inFolder(async ({ path, messages }) => {
    const missing = join(path, "Corrupt database file", DATABASE_FILE);
    const onMessage = (message: string) => messages.push(message);
    await assert.rejects(openDatabase(missing, { onMessage }), /cannot be opened/);
    assert.deepEqual(messages, []);
  }));
