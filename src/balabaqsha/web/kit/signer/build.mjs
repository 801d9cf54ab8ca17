// Bundles the signer into the static files of the portal. Needed only when a source here changes: `npm ci && npm run build`.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const OUT = "../static/sign";

await build({
  entryPoints: { sign: "src/sign.js", keyfile: "src/keyfile.js" },
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  // node-forge asks for Node's crypto only where there is no browser.
  external: ["crypto"],
  define: { global: "globalThis" },
});

const licences = await Promise.all(
  ["ncalayer-js-client", "node-forge"].map(async (name) => {
    const text = await readFile(`node_modules/${name}/LICENSE`, "utf8");
    return `${name}\n${"=".repeat(name.length)}\n\n${text.trim()}\n`;
  }),
);
await writeFile(`${OUT}/LICENSES.txt`, licences.join("\n\n"));

// A test compares this digest with the sources: a bundle that was forgotten shows.
const digest = createHash("sha256");
const modules = (await readdir("src")).sort().map((name) => `src/${name}`);
for (const name of ["build.mjs", "package-lock.json", ...modules]) digest.update(await readFile(name));
await writeFile(`${OUT}/SOURCES.sha256`, `${digest.digest("hex")}\n`);
