"""Transactions: what ends them, and what does not."""

from changes import people
from warehouse import Session, refusal_of, same, statement

COUNT = "SELECT COUNT(*) FROM PEOPLE"


@statement("ROLLBACK takes back what others never saw (6)")
def rolled_back(db):
    people(db)
    db.run("BEGIN")
    db.run("DELETE FROM PEOPLE")
    with Session() as other:
        same(other.value(COUNT), 3)
    same(db.value(COUNT), 0)
    db.connection.rollback()
    same(db.value(COUNT), 3)


@statement("DDL commits the open transaction (8b.7)")
def ddl_commits(db):
    people(db)
    db.run("BEGIN")
    db.run("DELETE FROM PEOPLE WHERE ID = 1")
    db.run("CREATE OR REPLACE TABLE PEOPLE_COPY CLONE PEOPLE")
    db.run("ROLLBACK")
    same(db.value(COUNT), 2)


@statement("an error inside a transaction does not abort it: COMMIT keeps the earlier statements (8b.7)")
def error_does_not_abort(db):
    people(db)
    db.run("BEGIN")
    db.run("DELETE FROM PEOPLE WHERE ID = 1")
    same(db.refusal("DELETE FROM PEOPLE WHERE MISSING = 1"), (904, "42000"))
    db.connection.commit()
    same(db.value(COUNT), 2)


@statement("a BEGIN inside a transaction is ignored (8b.7)")
def nested_begin(db):
    people(db)
    db.run("BEGIN")
    db.run("DELETE FROM PEOPLE WHERE ID = 1")
    db.run("BEGIN TRANSACTION")
    db.run("ROLLBACK")
    db.run("COMMIT")
    same(db.value(COUNT), 3)


@statement("without autocommit the first DML opens a transaction, which the end of the session rolls back [doc]")
def without_autocommit(db):
    people(db)
    with Session(autocommit=False) as session:
        session.run("DELETE FROM PEOPLE WHERE ID = 1")
        session.connection.commit()
        session.run("DELETE FROM PEOPLE WHERE ID = 2")
        same(session.value(COUNT), 1)
        session.connection.rollback()
        session.run("DELETE FROM PEOPLE WHERE ID = 3")
    same(db.rows("SELECT ID FROM PEOPLE"), [(2,), (3,)])


@statement("a transaction that waits for a lock longer than LOCK_TIMEOUT is refused with 000625 (3.3)")
def locked(db):
    people(db)
    db.run("BEGIN")
    db.run("UPDATE PEOPLE SET NAME = 'x' WHERE ID = 1")
    with Session(session_parameters={"LOCK_TIMEOUT": 0}) as other:
        number, _ = refusal_of(lambda: other.run("DELETE FROM PEOPLE WHERE ID = 2"))
    db.run("COMMIT")
    same(number, 625)
