/** `npm ci` refuses a lock file with holes, and `npm install` leaves them where a registry lacks a package. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

type Entry = {
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8")) as Entry & {
    packages: Record<string, Entry>;
  };
const { packages } = read("package-lock.json");

it("the lock file has an entry for every dependency, other platforms' optional ones included", () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => packages[`${path}/node_modules/${name}`] === undefined)
      .filter((name) => packages[`node_modules/${name}`] === undefined)
      .map((name) => `${path} -> ${name}`),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

it("the lock file asks for what package.json asks for, and names no registry", () => {
  const { dependencies, devDependencies, optionalDependencies } = read("package.json");
  expect(packages[""]).toMatchObject({ dependencies, devDependencies, optionalDependencies });
  expect(Object.keys(packages[""]?.dependencies ?? {})).toEqual(Object.keys(dependencies ?? {}));
  expect(Object.values(packages).filter((p) => p.resolved !== undefined)).toEqual([]);
});
