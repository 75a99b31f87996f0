import type { PGlite } from "@electric-sql/pglite" with { "resolution-mode": "import" };

const CLUSTER = "/pglite/data";

/** Copies a cluster from one PGlite's memory to another's. About half the processor time of PGlite's own `clone()`, which goes through a tar file. */
export function copyFiles(source: PGlite, copy: PGlite): void {
  copy.Module.FS.mkdirTree(CLUSTER);
  copyFolder(source.Module.FS, copy.Module.FS, CLUSTER);
}

type Files = PGlite["Module"]["FS"];

function copyFolder(source: Files, copy: Files, folder: string): void {
  copy.chmod(folder, permissions(source, folder));
  for (const name of source.readdir(folder)) {
    if (NOT_COPIED.has(name)) continue;
    const path = `${folder}/${name}`;
    if (source.isDir(source.lstat(path).mode)) {
      copy.mkdir(path);
      copyFolder(source, copy, path);
    } else {
      copy.writeFile(path, source.readFile(path), { canOwn: true });
      copy.chmod(path, permissions(source, path));
    }
  }
}

const NOT_COPIED = new Set([".", "..", "postmaster.pid"]);

function permissions(files: Files, path: string): number {
  return files.lstat(path).mode & 0o777;
}
