import assert from "node:assert/strict";
import { appliedFiles, dirtyFile, type PlannedFile } from "#src/domain/planned-files.js";
import { foldsOf } from "#src/domain/squash-fold.js";
import { squashed, stateOf } from "../support/migrations.js";

/** In a folder of 1, the squash 4 of 2, 3 and 4, and 9: what stands for a dirty version, and for those that are applied for certain. */
function files(dirty: string, ...applied: readonly string[]) {
  const request = squashed({ state: stateOf(...applied) });
  const folds = foldsOf(request);
  const found = dirtyFile(dirty, folds, request);
  return [found && label(found), ...appliedFiles(folds, request).map(label)];
}

function label(file: PlannedFile): string {
  return file.kind === "part"
    ? `part ${file.part.version}`
    : `${file.migration.version}_${file.migration.name}`;
}

describe("the files of a database in which a version is dirty", () => {
  it("are those of the folder where the squash was begun as a whole", () => {
    assert.deepEqual(files("4", "1"), ["4_squashed", "1_m"]);
    assert.deepEqual(files("9", "1", "4"), ["9_m", "1_m", "4_squashed"]);
  });

  it("are the parts of a squash while parts of it are applied one by one, its namesake among them", () => {
    assert.deepEqual(files("3", "1", "2"), ["part 3", "1_m", "part 2"]);
    assert.deepEqual(files("4", "1", "2", "3"), ["part 4", "1_m", "part 2", "part 3"]);
    assert.deepEqual(files("9", "1", "2", "3", "4"), ["9_m", "1_m", "part 2", "part 3", "part 4"]);
  });

  it("are a part where only the squash knows the version, and none where nobody does", () => {
    assert.deepEqual(files("2", "1"), ["part 2", "1_m"]);
    assert.deepEqual(files("7", "1"), [undefined, "1_m"]);
  });
});
