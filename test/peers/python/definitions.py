"""DDL, and what the warehouse says about its tables."""

from datetime import datetime

from warehouse import same, statement

COLUMNS = [
    ("ID", "NUMBER(38,0)"),
    ("PRICE", "NUMBER(12,2)"),
    ("RATIO", "FLOAT"),
    ("NAME", "VARCHAR(40)"),
    ("PAID", "BOOLEAN"),
    ("DAY", "DATE"),
    ("AT_TIME", "TIME(9)"),
    ("SEEN", "TIMESTAMP_NTZ(9)"),
    ("SEEN_LTZ", "TIMESTAMP_LTZ(9)"),
    ("SEEN_TZ", "TIMESTAMP_TZ(9)"),
    ("DETAILS", "VARIANT"),
    ("RAW", "BINARY(8388608)"),
]


@statement("CREATE TABLE answers one row named status; with IF NOT EXISTS an existing table stays as it is [doc]")
def create(db):
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS).replace("38,0)", "38,0) NOT NULL", 1)
    cursor = db.run(f"CREATE OR REPLACE TABLE SALES ({columns})")
    same(cursor.fetchall(), [("Table SALES successfully created.",)])
    same(cursor.description[0][0], "status")
    said = db.value("CREATE TABLE IF NOT EXISTS SALES (X NUMBER)")
    same(said, "SALES already exists, statement succeeded.")
    same(len(db.rows("DESCRIBE TABLE SALES")), 12)


@statement("DESCRIBE TABLE prints the declared types, in the table's order [doc]")
def describe(db):
    cursor = db.run("DESCRIBE TABLE SALES")
    names = [column[0] for column in cursor.description]
    same(names[:7], ["name", "type", "kind", "null?", "default", "primary key", "unique key"])
    rows = cursor.fetchall()
    same([(name, kind) for name, kind, *_ in rows], COLUMNS)
    same([row[3] for row in rows], ["N"] + ["Y"] * 11)


@statement("CREATE TABLE … AS SELECT takes names, types and rows from the query [doc]")
def create_as_select(db):
    db.run("CREATE OR REPLACE TABLE SMALL AS SELECT COLUMN1 AS ID, COLUMN2 AS NAME FROM VALUES (1, 'ana'), (2, 'bia')")
    same(db.rows("SELECT * FROM SMALL ORDER BY ID"), [(1, "ana"), (2, "bia")])


@statement("CREATE TABLE … CLONE copies the rows and lives apart, also under another name [doc]")
def clone(db):
    db.run("CREATE OR REPLACE TABLE SMALL_COPY CLONE SMALL")
    db.run("DELETE FROM SMALL WHERE ID = 2")
    db.run("DROP TABLE IF EXISTS RENAMED")
    db.run("ALTER TABLE SMALL_COPY RENAME TO RENAMED")
    same(db.rows("SELECT ID FROM RENAMED ORDER BY ID"), [(1,), (2,)])


@statement("ALTER TABLE … ADD COLUMN fills old rows with the default [doc]")
def add_column(db):
    db.run("ALTER TABLE SMALL ADD COLUMN CITY VARCHAR DEFAULT 'Recife'")
    same(db.rows("SELECT ID, NAME, CITY FROM SMALL"), [(1, "ana", "Recife")])


@statement("a VIEW shows what its table holds when it is read [doc]")
def view(db):
    db.run("CREATE OR REPLACE VIEW NAMES AS SELECT UPPER(NAME) AS NAME FROM RENAMED WHERE ID > 1")
    db.run("INSERT INTO RENAMED VALUES (3, 'cid')")
    same(db.rows("SELECT NAME FROM NAMES ORDER BY NAME"), [("BIA",), ("CID",)])


@statement("SHOW TABLES begins with created_on, name, database_name, schema_name, kind [doc]")
def show_tables(db):
    cursor = db.run("SHOW TABLES LIKE 'sal%' IN SCHEMA PUBLIC")
    names = [column[0] for column in cursor.description]
    same(names[:7], ["created_on", "name", "database_name", "schema_name", "kind", "comment", "cluster_by"])
    [(created_on, *rest)] = cursor.fetchall()
    same((type(created_on), created_on.tzinfo is None), (datetime, False))
    same(rest[:4], ["SALES", "DADOSFERA", "PUBLIC", "TABLE"])


@statement("INFORMATION_SCHEMA.COLUMNS knows types by their own names [doc]")
def information_schema(db):
    rows = db.rows(
        "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS"
        " WHERE TABLE_NAME = 'SALES' AND ORDINAL_POSITION < 5 ORDER BY ORDINAL_POSITION"
    )
    same(
        rows,
        [("ID", "NUMBER", "NO"), ("PRICE", "NUMBER", "YES"), ("RATIO", "FLOAT", "YES"), ("NAME", "TEXT", "YES")],
    )


@statement("DROP TABLE says what it dropped, and with IF EXISTS that there was nothing [doc]")
def drop(db):
    same(db.value("DROP TABLE RENAMED"), "RENAMED successfully dropped.")
    said = db.value("DROP TABLE IF EXISTS RENAMED")
    same(said, "Drop statement executed successfully (RENAMED already dropped).")
