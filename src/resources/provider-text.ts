/**
 * The one line that a stack's state keeps of a provider. It never changes and leads to today's code: Pulumi runs it
 * perhaps years later, in another process. `handler` and `configure` are called without waiting, so it keeps the
 * request and hands it on.
 */
export const providerText = (resource: "Pipeline" | "Job" | "MigrationHistory"): string =>
  `exports.handler=()=>{let c;const p=()=>import("pulumi-dadosfera/provider").then(m=>m.provider("${resource}",c));` +
  `const f=n=>async(...a)=>(await p())[n](...a);return{configure(r){c=r},check:f("check"),diff:f("diff"),` +
  `create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}}`;
