import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findKeeper } from "../../../src/api/client.js";
import { notesElsewhere } from "../../../src/api/note.js";
import type { Place } from "../../../src/api/place.js";
import { clock, kill, newFolder, placeIn, serve, serveElsewhere, site } from "./kept.js";

describe("who looks for the keeper of a rig", () => {
  it("finds nobody where there is no socket, or only that of a dead process", async () => {
    const folder = newFolder();
    expect(await findKeeper([placeIn(folder)], clock)).toBeUndefined();
    expect(await findKeeper([placeIn(`${folder}/never`)], clock)).toBeUndefined();
    await kill((await serveElsewhere(folder)).child);
    expect(await findKeeper([placeIn(folder)], clock)).toBeUndefined();
  });

  it("finds it in the second of its places", async () => {
    const { place } = await serve();
    const found = await findKeeper([placeIn(newFolder()), place], clock);
    expect(found?.who).toBe(`process ${process.pid} of mei on lab-3`);
  });

  it("speaks to one in another process", async () => {
    const folder = newFolder();
    const { child } = await serveElsewhere(folder);
    const found = await findKeeper([placeIn(folder)], clock);
    expect((await found?.picture())?.state).toBe("Execute");
    const answer = await found?.ask({ verb: "run abort", args: {} });
    expect(answer).toMatchObject({ accepted: true, state: "Aborting" });
    await kill(child);
    await expect(found?.ask({ verb: "run abort", args: {} })).rejects.toMatchObject({
      code: "KEEPER_SILENT",
      message: `process ${child.pid} of mei on lab-3 has ended; nobody keeps the rig now`,
    });
  });

  it("names one that was stopped with pid and user, within a second, and never says nobody", async () => {
    const folder = newFolder();
    const { child } = await serveElsewhere(folder);
    child.kill("SIGSTOP");
    const begun = clock.elapsed();
    await expect(findKeeper([placeIn(folder)], clock)).rejects.toMatchObject({
      code: "KEEPER_SILENT",
      exitCode: 4,
      message: expect.stringMatching(
        `^rig-a is kept by process ${child.pid} of mei on lab-3, which does not answer within 1 s; it is stopped: kill -CONT ${child.pid}`,
      ),
    });
    expect(clock.elapsed() - begun, "time").toBeLessThan(3000);
  });

  it("is told whose it is where this user may not speak to it", async () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    await serveElsewhere(folder);
    const place = placeIn(folder);
    expect(lookAsOther(place)).toMatch(
      /^KEEPER_CLOSED rig-a is kept by process \d+ of mei on lab-3, to whom this user may not speak/,
    );
    rmSync(place.note);
    const owner = userInfo().username;
    expect(lookAsOther(place)).toContain(
      `KEEPER_CLOSED rig-a is kept by a process of ${owner}, to`,
    );
  });

  it("does not take another site's keeper of a rig of that name, and can tell of it", async () => {
    const folder = newFolder();
    await serve(placeIn(folder, "/srv/other"));
    const own = placeIn(folder);
    expect(await findKeeper([own], clock)).toBeUndefined();
    expect(notesElsewhere([own]).map((note) => note.site)).toEqual(["/srv/other"]);
  });

  it("refuses a socket whose keeper says that it keeps something else", async () => {
    const { place } = await serve(undefined, { hello: { site: "/srv/moved" } });
    await expect(findKeeper([place], clock)).rejects.toMatchObject({
      code: "STATE_REFUSED",
      message: expect.stringContaining(`the socket of rig-a (${site}) is of rig-a (/srv/moved)`),
    });
  });

  it("of another protocol is told so, and may still hold, abort and make safe", async () => {
    const { place } = await serve(undefined, { hello: { protocol: 2, software: "0.9.0" } });
    const found = await findKeeper([place], clock);
    for (const refused of [found!.picture(), found!.ask({ verb: "run stop", args: {} })]) {
      await expect(refused).rejects.toMatchObject({
        code: "PROTOCOL_OTHER",
        message: expect.stringContaining("speaks protocol 2 (wearout 0.9.0), this command 1"),
      });
    }
    for (const verb of ["run hold", "run abort", "rig safe"]) {
      expect((await found!.ask({ verb, args: {} })).accepted).toBe(true);
    }
  });

  it("takes neither a foreign server nor half an answer for a keeper", async () => {
    for (const bytes of [
      "HTTP/1.1 200 OK\r\n\r\nhello",
      "220 smtp ready\r\n",
      'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"protocol":1',
      "",
    ]) {
      const place = placeIn(newFolder());
      const server = createServer(
        (socket) =>
          void socket
            .on("error", () => {})
            .resume()
            .end(bytes),
      );
      await new Promise<void>((resolve) => server.listen(place.socket, resolve));
      writeFileSync(place.note, "{");
      await expect(findKeeper([place], clock), bytes).rejects.toMatchObject({
        code: "KEEPER_SILENT",
      });
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

const clientPath = fileURLToPath(new URL("../../../src/api/client.js", import.meta.url));
const clockPath = fileURLToPath(new URL("../../../src/base/clock.js", import.meta.url));

/** What one is told who is neither the socket's user nor in its group: root can be somebody else, all others close it. */
function lookAsOther(place: Place): string {
  const program = `
    const { findKeeper } = await import(${JSON.stringify(clientPath)});
    const { RealClock } = await import(${JSON.stringify(clockPath)});
    await findKeeper([${JSON.stringify(place)}], new RealClock())
      .then(() => console.log("found"), (error) => console.log(error.code, error.message));`;
  const node = [process.execPath, "--input-type=module", "-e", program];
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) chmodSync(place.socket, 0);
  const other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const [command = "", ...args] = isRoot ? [...other, ...node] : node;
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return stdout + stderr;
}
