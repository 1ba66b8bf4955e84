/** `deno task build` builds the page; `deno task dev` runs all of it and starts anew on every change. */
import { Builder } from "fresh/dev";

const builder = new Builder({ serverEntry: "app.ts" });
if (Deno.args.includes("build")) await builder.build();
else {
  await builder.listen(async () => {
    const { configureLogs, startProgram } = await import("./program.ts");
    const { readCommandLine } = await import("./command_line.ts");
    // Settings of the development run come from FOOTPRINT_... variables.
    const task = await readCommandLine([]);
    if (task?.name !== "run") return;
    await configureLogs(task.config.logLevel);
    void startProgram(task.config, new AbortController()).record();
    return await import("./app.ts");
  }, { hostname: "127.0.0.1", port: 8000 });
}
