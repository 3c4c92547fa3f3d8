import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WearoutError } from "../base/error.js";

/** Folders of the four kinds of files, the site's own before the shipped ones. */
export type Site = {
  devices: readonly string[];
  rigs: readonly string[];
  profiles: readonly string[];
  products: readonly string[];
};

/** Root of this package, whether this file runs by itself or from the bundle. */
export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

function rootAbove(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : rootAbove(dirname(folder));
}

/** A site is a folder with any of `devices`, `rigs`, `profiles`, `products`; the shipped ones follow. */
export function openSite(folder: string): Site {
  if (!existsSync(folder)) {
    throw new WearoutError(
      "FILE_UNREADABLE",
      `--site: found "${folder}", expected a folder that is there`,
    );
  }
  const roots = [folder, packageRoot];
  const of = (kind: string) => [
    ...new Set(
      roots
        .map((root) => join(root, kind))
        .filter((path) => existsSync(path))
        .map((path) => realpathSync(path)),
    ),
  ];
  return {
    devices: of("devices"),
    rigs: of("rigs"),
    profiles: of("profiles"),
    products: of("products"),
  };
}

/** The real path that a site's safe plans are named by; of a folder that is gone, the path as given. */
export function sitePath(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : resolve(folder);
}

/** Every YAML file of a folder, deep, in a steady order; a file named directly is itself. */
export function yamlFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(path, name))
    .sort();
}

export const softwareVersion = "0.1.0";
