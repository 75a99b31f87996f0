import { Pipeline } from "pulumi-dadosfera";
import { describedPipelines } from "./described.js";

for (const pipeline of describedPipelines()) new Pipeline(pipeline.name, pipeline);
