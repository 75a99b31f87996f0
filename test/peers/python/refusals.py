"""Refusals: the number and the SQL state that programs know them by."""

from snowflake.connector.errors import IntegrityError

from changes import people
from warehouse import Session, refusal_of, same, statement


@statement("a column or table that is missing: 000904 and 002003, also where only the case differs (8b.7)")
def missing(db):
    people(db)
    same(db.refusal("SELECT ID, WHO FROM PEOPLE"), (904, "42000"))
    same(db.refusal('SELECT "id" FROM PEOPLE'), (904, "42000"))
    same(db.refusal("SELECT * FROM NOBODY"), (2003, "42S02"))
    same(db.refusal('SELECT * FROM "people"'), (2003, "42S02"))
    same(db.value('SELECT COUNT(*) FROM "PEOPLE"'), 3)


@statement("a table or column that exists already: 002002 and 001430 (8b.7)")
def existing(db):
    same(db.refusal("CREATE TABLE PEOPLE (ID NUMBER)"), (2002, "42710"))
    number, _ = refusal_of(lambda: db.run("ALTER TABLE PEOPLE ADD COLUMN NAME VARCHAR"))
    same(number, 1430)


@statement("values that are no number, date or fitting text: 100038, 100040, 100078 (8b.7, [mem])")
def bad_values(db):
    same(db.refusal("SELECT 'abc'::NUMBER"), (100038, "22018"))
    same(db.refusal("SELECT ?::NUMBER", ("12x",)), (100038, "22018"))
    same(db.refusal("SELECT 'soon'::DATE"), (100040, "22007"))
    same(db.refusal("INSERT INTO SALES (ID, NAME) VALUES (1, ?)", ("x" * 41,)), (100078, "22000"))


@statement("NULL in a NOT NULL column is an IntegrityError, 100072 [driver]")
def null_refused(db):
    error = None
    try:
        db.run("INSERT INTO SALES (NAME) VALUES ('nameless')")
    except IntegrityError as caught:
        error = caught
    same(error is not None and error.errno, 100072)


@statement("what is no SQL: 001003; a second statement in the same text: 000008, and none of them runs (8b.7)")
def no_single_statement(db):
    people(db)
    same(db.refusal("SELECT FROM WHERE"), (1003, "42000"))
    same(db.refusal("DELETE FROM PEOPLE; DELETE FROM PEOPLE"), (8, "0A000"))
    same(db.value("SELECT COUNT(*) FROM PEOPLE"), 3)


@statement("describing a DELETE checks it and deletes nothing; on a missing table it fails (8b.7)")
def described_delete(db):
    people(db)
    cursor = db.connection.cursor()
    same([column.name for column in cursor.describe("DELETE FROM PEOPLE")], ["number of rows deleted"])
    same(db.value("SELECT COUNT(*) FROM PEOPLE"), 3)
    number, _ = refusal_of(lambda: cursor.describe("DELETE FROM NOBODY"))
    same(number, 2003)


@statement("a wrong password is refused with 390100 (8b.4)")
def wrong_password(_):
    number, _ = refusal_of(lambda: Session(password="wrong"))
    same(number, 390100)
