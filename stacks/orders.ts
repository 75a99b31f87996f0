import { Pipeline } from "pulumi-dadosfera";

/** The pipeline of the README's walkthrough: five orders in `cadastros.pedidos`. */
const orders = new Pipeline("orders", {
  pipelineId: "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae",
  name: "Orders",
  description: "tabela pedidos",
  cron: "@once",
  jobs: [
    {
      input: {
        connector: "jdbc",
        plugin: "mysql",
        tableSchema: "cadastros",
        tableName: "pedidos",
        loadType: "incremental",
        incrementalColumnName: "updated_at",
        incrementalColumnType: "timestamp",
        columnIncludeList: ["id", "cliente_id", "valor", "status", "created_at", "updated_at"],
        authParameters: {
          authType: "connection_manager",
          configId: "1763991009206_kvpd3364_mysql-1.0.0",
        },
      },
      output: { plugin: "dadosfera_snowflake" },
      primaryKeys: ["id"],
    },
  ],
});

/** Where the rows are, in the schema PUBLIC of the warehouse. */
export const table = orders.jobs[0]?.destinationTable;
