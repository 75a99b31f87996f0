import { Job } from "pulumi-dadosfera";

/**
 * One job of a pipeline that lives elsewhere: somebody made it at Dadosfera, or another stack has it. The first `up`
 * changes nothing and refuses if the live job differs from this; a later edit is carried out as for a job of one's own.
 */
const customers = new Job("customers", {
  jobId: "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73-0",
  input: {
    connector: "jdbc",
    plugin: "mysql",
    tableSchema: "cadastros",
    tableName: "clientes",
    loadType: "incremental",
    incrementalColumnName: "updated_at",
    incrementalColumnType: "timestamp",
    columnIncludeList: ["id", "nome", "updated_at"],
    authParameters: {
      authType: "connection_manager",
      configId: "1763991009206_kvpd3364_mysql-1.0.0",
    },
  },
  output: { plugin: "dadosfera_snowflake" },
  primaryKeys: ["id"],
});

/** Where the rows are, in the schema PUBLIC of the warehouse. */
export const table = customers.destinationTable;
