import assert from "node:assert/strict";
import { join } from "node:path";
import { withPage } from "./browser.ts";
import { withFixture } from "./built_fixture.ts";

const DEADLINE_MS = 60_000;
const PROJECT = new URL("../../", import.meta.url);

/** The fixture's copy needs the import map of the project, with paths that hold from there. */
async function writeConfig(root: string): Promise<void> {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", PROJECT)));
  const imports = Object.entries<string>(config.imports).map(([name, target]) => [
    name,
    target.startsWith("./") ? new URL(target, PROJECT).href : target,
  ]);
  const { compilerOptions, unstable, nodeModulesDir } = config;
  const copy = { compilerOptions, unstable, nodeModulesDir, imports: Object.fromEntries(imports) };
  await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify(copy));
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

interface Loop {
  readonly origin: string;
  /** Reads the loop's output up to a line that matches. */
  readUntil(pattern: RegExp): Promise<void>;
}

/** Runs the fixture's dev.ts until the test is over, and sees that its child ends with it. */
async function withDevLoop(test: (loop: Loop, root: string) => Promise<void>): Promise<void> {
  await withFixture(async (root) => {
    await writeConfig(root);
    const port = freePort();
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "dev.ts", String(port)],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = mergeLines(process);
    let log = "";
    const readUntil = async (pattern: RegExp) => {
      while (true) {
        const { value, done } = await output.next();
        if (done) throw new Error(`The loop ended before ${pattern}; it said:\n${log}`);
        log += `${value}\n`;
        if (pattern.test(value)) return;
      }
    };
    // A line that never comes fails the test instead of keeping it waiting.
    const deadline = setTimeout(() => end(process), DEADLINE_MS);
    try {
      await test({ origin: `http://127.0.0.1:${port}`, readUntil }, root);
    } finally {
      clearTimeout(deadline);
      end(process);
      await process.status;
      // The child holds the other ends of the pipes: they close when it is gone, too.
      for await (const line of output) log += `${line}\n`;
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}`), TypeError);
  });
}

function end(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended by itself.
  }
}

async function* mergeLines(process: Deno.ChildProcess): AsyncGenerator<string> {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const pump = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) await writer.write(line);
    }
  };
  const pumping = Promise.all([pump(process.stdout), pump(process.stderr)]);
  pumping.then(() => writer.close());
  yield* readable;
}

const LISTENING = /Listening on/;

Deno.test("the watch loop rebuilds and restarts the server when a file changes", async () => {
  await withDevLoop(async ({ origin, readUntil }, root) => {
    await readUntil(LISTENING);
    const first = await fetch(`${origin}/plain`);
    assert.match(await first.text(), /<p id="plain">app > routes<\/p>/);
    const events = await fetch(`${origin}/_fresh/dev-events`);
    assert.equal(events.headers.get("content-type"), "text/event-stream");

    await Deno.writeTextFile(
      join(root, "routes/plain.tsx"),
      'export default () => <p id="plain">changed</p>;',
    );
    await readUntil(/Changed: routes\/plain\.tsx/);
    await readUntil(LISTENING);
    await events.body?.cancel().catch(() => {});
    assert.match(await (await fetch(`${origin}/plain`)).text(), /<p id="plain">changed<\/p>/);
  });
});

Deno.test("the watch loop goes on after a build and after an app that fail", async () => {
  await withDevLoop(async ({ origin, readUntil }, root) => {
    await readUntil(LISTENING);
    const island = join(root, "islands/Shapes.tsx");
    await Deno.writeTextFile(island, "export default () => <p;");
    await readUntil(/Shapes\.tsx/);
    await readUntil(/error/i);
    assert.equal((await fetch(`${origin}/form`, { method: "HEAD" })).status, 200);

    await Deno.writeTextFile(
      island,
      'throw new Error("the app does not start"); export default 1;',
    );
    await readUntil(/the app does not start/);
    await Deno.writeTextFile(island, "export default () => <p>mended</p>;");
    await readUntil(LISTENING);
    assert.match(await (await fetch(origin)).text(), /<p>mended<\/p>/);
  });
});

Deno.test("an open page reloads after a change", async () => {
  await withPage(async (page) => {
    await withDevLoop(async ({ origin, readUntil }, root) => {
      await readUntil(LISTENING);
      const connected = page.waitForResponse(/dev-events/);
      await page.goto(`${origin}/plain`);
      await connected;
      await Deno.writeTextFile(
        join(root, "routes/plain.tsx"),
        'export default () => <p id="plain">seen after reload</p>;',
      );
      await page.locator("#plain", { hasText: "seen after reload" }).waitFor();
    });
  });
});
