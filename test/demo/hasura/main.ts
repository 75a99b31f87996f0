import { narrated } from "../narrated.js";
import { narration } from "../narration.js";
import { carry } from "./carrying.js";
import { deploy } from "./deploying.js";
import { Scene } from "./scene.js";
import { loseScores, squash, verify } from "./squashing.js";

/** From a folder of migrations that lose scores to a column in the warehouse; ends with 1 if anything that it says is not true. */
narrated(async () => {
  await using scene = new Scene();
  narration.heading("Migrations that cannot be squashed wrong");
  const laptop = await scene.environment("laptop");
  narration.text(
    `Hasura:     emulated on this machine, each environment over a PostgreSQL of its own (PGlite)`,
    `Program:    ${scene.folder.program}`,
    `Migrations: ${scene.hasura.root}, a git repository`,
    `Run by:     ${laptop.pulumi.name}`,
  );
  await loseScores(scene, laptop);
  await verify(scene);
  await squash(scene);
  const production = await scene.environment("production");
  const fresh = await scene.environment("fresh");
  const staging = await scene.environment("staging");
  await deploy(scene, { production, fresh, staging });
  await carry(scene, production);
});
