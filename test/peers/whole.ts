/** Everything, or what `npm test` has time for. */
export const IS_WHOLE = process.env["PEERS"] === "all";
