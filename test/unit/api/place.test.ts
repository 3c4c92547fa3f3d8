import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findKeeper } from "../../../src/api/client.js";
import { placesOf } from "../../../src/api/place.js";
import { ask, clock, kill, newFolder, placeIn, serve, serveElsewhere, site } from "./kept.js";

const env = { XDG_RUNTIME_DIR: "/run/user/7", RUNTIME_DIRECTORY: "/run/lab:/run/other" };

function folders(around: Parameters<typeof placesOf>[0]): string[] {
  return placesOf(around, site, "rig-a").map(({ folder }) => folder);
}

describe("the place of a kept rig's socket", () => {
  it("is the service's folder, then the session's, then that of the safe plans", () => {
    const around = { env, stateFolder: "/var/lib/wearout", isNamed: false };
    const state = ["/var/lib/wearout", "/run/wearout"];
    expect(folders(around)).toEqual(["/run/lab", "/run/user/7/wearout", ...state]);
    const empty = { XDG_RUNTIME_DIR: "", RUNTIME_DIRECTORY: "" };
    expect(folders({ ...around, env: empty })).toEqual(state);
  });

  it("is the state folder alone where somebody has named one", () => {
    expect(folders({ env, stateFolder: "/tmp/lab", isNamed: true })).toEqual(["/tmp/lab"]);
  });

  it("has a name of its own for each site and rig, however long their names are", () => {
    const names = [
      ["/srv/lab", "rig-a"],
      ["/srv/lab", "rig-b"],
      ["/srv/lab2", "rig-a"],
      ["/srv/lab/rig", "-a"],
      ["/srv/lab", "r".repeat(300)],
    ].map(([s = "", r = ""]) => placeIn("/run/user/7/wearout", s, r).socket);
    expect(new Set(names).size).toBe(names.length);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(107);
  });
});

describe("a served place", () => {
  it("is open to its user and the folder's group, and says to everybody who is there", async () => {
    const folder = newFolder();
    const { place } = await serve(placeIn(folder));
    const socket = statSync(place.socket);
    expect(socket.mode & 0o777).toBe(0o660);
    expect(socket.gid).toBe(statSync(folder).gid);
    expect(statSync(place.note).mode & 0o777).toBe(0o644);
    const note = JSON.parse(readFileSync(place.note, "utf8"));
    expect(note).toMatchObject({ pid: process.pid, rig: "rig-a", site, protocol: 1 });
  });

  it("works where its path is longer than a socket's address may be", async () => {
    const deep = join(newFolder(), "d".repeat(120), "e".repeat(40));
    const { place } = await serve(placeIn(deep));
    expect(place.socket.length).toBeGreaterThan(180);
    expect((await findKeeper([place], clock))?.hello.rig).toBe("rig-a");
  });

  it("leaves nothing behind when it is closed", async () => {
    const { place, served } = await serve();
    await served.close();
    expect(existsSync(place.socket)).toBe(false);
    expect(existsSync(place.note)).toBe(false);
  });

  it("is never taken from a living process, which is named", async () => {
    const { place } = await serve();
    await expect(serve(place)).rejects.toMatchObject({
      code: "STATE_REFUSED",
      message: `rig-a is kept by process ${process.pid} of mei on lab-3`,
    });
    expect((await ask(place, "GET", "/hello")).status).toBe(200);
  });

  it("is never taken from a process that was stopped", async () => {
    const folder = newFolder();
    const { child } = await serveElsewhere(folder);
    child.kill("SIGSTOP");
    await expect(serve(placeIn(folder))).rejects.toThrow(`kept by process ${child.pid} of mei`);
    child.kill("SIGCONT");
    expect((await ask(placeIn(folder), "GET", "/hello")).status).toBe(200);
  });

  it("is taken over from a process that died, socket and note", async () => {
    const folder = newFolder();
    const { child } = await serveElsewhere(folder);
    await kill(child);
    const { place } = await serve(placeIn(folder));
    const { text } = await ask(place, "GET", "/hello");
    expect(JSON.parse(text).pid).toBe(process.pid);
    expect(JSON.parse(readFileSync(place.note, "utf8")).pid).toBe(process.pid);
  });

  it("of a dead process is taken by one alone of many that come at once", async () => {
    const folder = newFolder();
    await kill((await serveElsewhere(folder)).child);
    const place = placeIn(folder);
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => serve(place)));
    const won = all.filter(({ status }) => status === "fulfilled");
    expect(won.length).toBe(1);
    for (const each of all) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "STATE_REFUSED" });
    }
    expect((await ask(place, "GET", "/hello")).status).toBe(200);
  });

  it("is not removed by a process that lost it", async () => {
    const folder = newFolder();
    const first = await serve(placeIn(folder));
    rmSync(first.place.socket);
    const second = await serve(placeIn(folder));
    await first.served.close();
    expect((await ask(second.place, "GET", "/hello")).status).toBe(200);
  });

  it("that cannot be made is said with the folder and the reason", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    await expect(serve(placeIn(join(folder, "file")))).rejects.toMatchObject({
      code: "STATE_FAILED",
      message: expect.stringContaining(join(folder, "file")),
    });
    mkdirSync(join(folder, "fine"));
    await serve(placeIn(join(folder, "fine")));
  });
});
