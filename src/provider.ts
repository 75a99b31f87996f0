export { provider } from "./adapter/provider.js";
