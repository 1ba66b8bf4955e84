/// <reference lib="deno.worker" />
import { portLink } from "../../bus/port_link.ts";
import { denoFs } from "./archive_fs.ts";
import type { ArchiveQuestion, ArchiveStart, FromArchive, ToArchive } from "./messages.ts";
import { serveArchive } from "./serve_archive.ts";

self.onmessage = ({ data }: MessageEvent<ArchiveStart>) => {
  const collector = portLink<ToArchive, FromArchive>(data.collectorPort);
  // Not the system's time, which may be set back.
  const now = () => performance.now();
  const archive = serveArchive({ fs: denoFs, folder: data.folder, now, collector });
  // The main thread asks as well: a stop waits until everything is on the disk.
  const main = portLink<never, never>(self);
  main.onRequest((question) => archive.answer(question as ArchiveQuestion));
};
