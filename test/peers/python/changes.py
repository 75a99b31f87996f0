"""DML, and how many rows it says that it changed."""

from warehouse import same, statement


def people(db):
    db.run("CREATE OR REPLACE TABLE PEOPLE (ID NUMBER, NAME VARCHAR)")
    db.run("INSERT INTO PEOPLE VALUES (1, 'ana'), (2, 'bia'), (3, NULL)")


def names(db):
    return db.rows("SELECT ID, NAME FROM PEOPLE ORDER BY ID")


@statement("INSERT … SELECT counts the rows that it inserted, in one column and as rowcount (1.4)")
def insert(db):
    people(db)
    cursor = db.run("INSERT INTO PEOPLE SELECT ID + 10, UPPER(NAME) FROM PEOPLE WHERE NAME IS NOT NULL")
    same((cursor.rowcount, cursor.fetchall()), (2, [(2,)]))
    same(cursor.description[0][0], "number of rows inserted")


@statement("UPDATE counts in two columns (1.4)")
def update(db):
    people(db)
    cursor = db.run("UPDATE PEOPLE SET NAME = COALESCE(NAME, ?), ID = ID * 10 WHERE ID > ?", ("nobody", 1))
    same((cursor.rowcount, cursor.fetchall()), (2, [(2, 0)]))
    same(names(db), [(1, "ana"), (20, "bia"), (30, "nobody")])


@statement("DELETE counts the rows that it deleted (1.4)")
def delete(db):
    people(db)
    cursor = db.run("DELETE FROM PEOPLE USING (SELECT 3 AS K UNION ALL SELECT 3) S WHERE PEOPLE.ID = S.K")
    same((cursor.rowcount, cursor.fetchall()), (1, [(1,)]))


@statement("MERGE inserts, updates and deletes, and counts each (1.4)")
def merge(db):
    people(db)
    cursor = db.run(
        "MERGE INTO PEOPLE T USING (SELECT COLUMN1 AS ID, COLUMN2 AS NAME FROM VALUES (1, 'ANA'), (3, 'gone'), (4, 'dora')) S"
        " ON T.ID = S.ID WHEN MATCHED AND S.NAME = 'gone' THEN DELETE WHEN MATCHED THEN UPDATE SET NAME = S.NAME"
        " WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (S.ID, S.NAME)"
    )
    same((cursor.rowcount, cursor.fetchall()), (3, [(1, 1, 1)]))
    same(names(db), [(1, "ANA"), (2, "bia"), (4, "dora")])


@statement("INSERT OVERWRITE from its own table keeps the rows (8b.7)")
def overwrite(db):
    people(db)
    same(db.run("INSERT OVERWRITE INTO PEOPLE SELECT * FROM PEOPLE WHERE ID < 3").rowcount, 2)
    same(names(db), [(1, "ana"), (2, "bia")])
