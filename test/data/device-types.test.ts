import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { formatProblem, WearoutError } from "../../src/base/error.js";
import { parseText } from "../../src/base/schema.js";
import { deviceTable } from "../../src/cli/device/table.js";
import { planBlocks } from "../../src/device/blocks.js";
import { checkDeviceType } from "../../src/device/check.js";
import { compilePoints } from "../../src/device/codec.js";
import { commandPlan, isWritable, planWrite } from "../../src/device/command.js";
import { DeviceType } from "../../src/device/device-type.js";
import {
  findDeviceType,
  listDeviceTypes,
  loadDeviceType,
  readDeviceType,
} from "../../src/device/load.js";
import { parameterValues } from "../../src/device/parameter.js";

const devices = fileURLToPath(new URL("../../../devices", import.meta.url));
const shipped = listDeviceTypes([devices]);
const modeline = "# yaml-language-server: $schema=../../schema/device-type.json";

it("the device types of the first two benches are there", () => {
  expect(shipped.map((type) => type.name)).toEqual([
    "abb/acs580",
    "advantech/adam-4024",
    "advantech/adam-4117",
    "advantech/adam-4150",
    "amc-vibro/avm-2000r",
    "ato/torque",
    "danfoss/fc302",
    "delta/asda-a2",
    "delta/asda-b3",
    "eastron/sdm630",
    "eastron/sdm72",
    "inovance/md-dialect",
    "invt/che100",
    "laumas/tlu",
    "machine-saver/trivibe",
    "moxa/iologik-e1211",
    "moxa/iologik-e1240",
    "omron/e5cc",
    "pixsys/drr245",
    "rmf/cms2",
    "schneider/atv320",
    "siemens/v20",
    "star/ceybnj12",
    "witmotion/wtvb01-485",
  ]);
});

describe.each(shipped)("$name", ({ name, file }) => {
  const load = () => loadDeviceType(name, [devices]);

  it("begins with the editor's modeline and has no problem", () => {
    expect(readFileSync(file, "utf8").split("\n")[0]).toBe(modeline);
    expect(readDeviceType(file).problems.map(formatProblem)).toEqual([]);
  });

  it("all its readable points can be read in planned blocks", () => {
    const type = load();
    const wanted = Object.entries(type.points).filter(([, p]) => p.access !== "write");
    const blocks = planBlocks(
      type,
      wanted.map(([point]) => point),
    );
    const most = type.link.mostRegistersPerRead ?? 125;
    expect(blocks.flatMap((b) => b.points)).toHaveLength(wanted.length);
    for (const { table, count } of blocks) {
      if (table === "holding" || table === "input") expect(count).toBeLessThanOrEqual(most);
    }
  });

  it("every command and every start and safe step gives requests it does not forbid", () => {
    const type = load();
    for (const { write } of Object.keys(type.commands ?? {}).flatMap((c) => commandPlan(type, c))) {
      for (const { point, value } of write) {
        const plan = planWrite(type, codecsOf(type), point, value, 1);
        expect(plan.ok, `${point} = ${value}`).toBe(true);
      }
    }
  });

  it("what is recollected says so in its caveats or in a note", () => {
    const type = load();
    const unsure = Object.values(type.points).filter((p) => p.confidence === "recollected");
    const said = (type.caveats ?? []).some((text) => /recollected/i.test(text));
    for (const point of unsure) expect(said || point.note !== undefined).toBe(true);
  });

  it("writable points come back as they were written", () => {
    const type = load();
    for (const [point, codec] of codecsOf(type)) {
      if (!isWritable(codec.point) || codec.point.enum !== undefined) continue;
      const [low, high] = codec.point.range ?? [0, 1];
      for (const value of [low, high]) {
        const encoded = codec.encode(value, 1);
        expect(encoded.ok && codec.decodeValue(encoded.words, 0, 1), point).toBeCloseTo(value, 9);
      }
    }
  });
});

function codecsOf(type: DeviceType) {
  const declared = Object.entries(type.parameters ?? {});
  const given = declared.map(([name, p]) => [name, p.default ?? `100 ${p.unit}`]);
  return compilePoints(type, parameterValues(type, Object.fromEntries(given)).values);
}

describe("docs/device-types.md", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../../docs/device-types.md", import.meta.url)),
    "utf8",
  );

  it("its example is a device type without problems", () => {
    const text = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const parsed = parseText(DeviceType, text, "devices/acme/tm-20.yaml");
    expect([...parsed.problems, ...checkDeviceType(parsed)].map(formatProblem)).toEqual([]);
    expect(parsed.value?.type).toBe("acme/tm-20");
  });

  it("its table of evidence is what the files say now", () => {
    const types = shipped.map(({ name }) => loadDeviceType(name, [devices]));
    const said = /<!-- device list --markdown -->\n([\s\S]*?)\n<!-- end -->/.exec(page)?.[1];
    expect(said).toBe(deviceTable(types));
  });

  it("all but one name a page or address; the text of that one's manual has none", () => {
    const bare = shipped.filter(({ name }) => {
      const { source } = loadDeviceType(name, [devices]);
      return source.every((s) => s.page === undefined && s.url === undefined);
    });
    expect(bare.map(({ name }) => name)).toEqual(["witmotion/wtvb01-485"]);
  });

  it.each(shipped)("$name has two examples, and a watchdog or the reason for none", ({ name }) => {
    const { examples, actuators = [], watchdog, noWatchdog } = loadDeviceType(name, [devices]);
    expect(examples.length).toBeGreaterThan(1);
    expect(actuators.length === 0 || (watchdog ?? noWatchdog) !== undefined).toBe(true);
  });

  it("its last table lists the shipped types", () => {
    const rows = [...page.slice(page.indexOf("## Shipped")).matchAll(/^\| `([^`]+)`/gm)];
    expect(rows.map((row) => row[1]).sort()).toEqual(shipped.map((type) => type.name));
  });
});

describe("loading", () => {
  const site = mkdtempSync(join(tmpdir(), "wearout-devices-"));
  afterAll(() => rmSync(site, { recursive: true }));
  const put = (name: string, content: string | Uint8Array) => {
    mkdirSync(join(site, "acme"), { recursive: true });
    const file = join(site, "acme", `${name}.yaml`);
    writeFileSync(file, content);
    return file;
  };

  it("an unknown name gets the nearest one", () => {
    expect(() => findDeviceType("omron/e5c", [devices])).toThrowError(/"omron\/e5cc"/);
    try {
      loadDeviceType("omron/e5c", [devices]);
      expect.unreachable();
    } catch (error) {
      expect((error as WearoutError).code).toBe("DEVICE_TYPE_UNKNOWN");
    }
  });

  it("the first folder wins, folders that are missing are empty", () => {
    const mine = put("meter", "type: acme/meter\n");
    expect(findDeviceType("acme/meter", [site, devices])).toBe(mine);
    expect(listDeviceTypes([join(site, "nowhere")])).toEqual([]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["empty", "", /an empty file/],
    ["binary", Uint8Array.of(0xff, 0xfe, 0, 1, 2), /binary data/],
    ["huge", "# comment\n".repeat(150_000), /a file of 1.5 MB/],
    ["unfinished", "type: acme/unfinished\n", /nothing/],
  ])("a file that is %s is FILE_INVALID", (name, content, found) => {
    put(name, content);
    try {
      loadDeviceType(`acme/${name}`, [site]);
      expect.unreachable();
    } catch (error) {
      const { code, problems } = error as WearoutError;
      expect(code).toBe("FILE_INVALID");
      expect(problems[0]?.found).toMatch(found);
    }
  });

  it("a file that is gone is FILE_UNREADABLE", () => {
    expect(() => readDeviceType(join(site, "gone.yaml"))).toThrowError(WearoutError);
  });
});
