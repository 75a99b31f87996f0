"""Results by query id, of statements that ran by themselves or earlier; and the sign-in with a key pair."""

import os
import time
from uuid import UUID

from changes import people
from warehouse import Session, refusal_of, same, statement


@statement("execute_async answers a query id at once, whose result comes later [driver]")
def asynchronous(db):
    cursor = db.connection.cursor()
    cursor.execute_async("SELECT COLUMN1 AS N, 'é' AS S FROM VALUES (1), (2) ORDER BY N")
    query_id = cursor.sfqid
    same(str(UUID(query_id)), query_id)
    cursor.get_results_from_sfqid(query_id)
    same(cursor.fetchall(), [(1, "é"), (2, "é")])


@statement("a statement that waits for a lock is still running, and succeeds when the lock is given up [doc]")
def still_running(db):
    people(db)
    cursor = db.connection.cursor()
    with Session() as other:
        other.run("BEGIN")
        other.run("DELETE FROM PEOPLE WHERE ID = 1")
        cursor.execute_async("DELETE FROM PEOPLE")
        waits = db.connection.is_still_running(db.connection.get_query_status(cursor.sfqid))
        other.run("COMMIT")
    cursor.get_results_from_sfqid(cursor.sfqid)
    same((waits, cursor.fetchall()), (True, [(2,)]))


@statement("a statement that failed by itself tells its number when it is asked for [driver]")
def failed(db):
    cursor = db.connection.cursor()
    cursor.execute_async("SELECT 1 / 0")
    while db.connection.is_still_running(db.connection.get_query_status(cursor.sfqid)):
        time.sleep(0.05)
    number, _ = refusal_of(lambda: cursor.get_results_from_sfqid(cursor.sfqid))
    same(number, 100051)


@statement("GET /queries/<id>/result brings a result once more, also in another session of the user [driver]")
def by_query_id(db):
    query_id = db.run("SELECT 42 AS ANSWER, NULL::VARCHAR AS NOTHING").sfqid
    with Session() as other:
        cursor = other.connection.cursor()
        cursor.query_result(query_id)
        same(cursor.fetchall(), [(42, None)])


@statement("RESULT_SCAN(LAST_QUERY_ID()) reads what the last statement brought, SHOW too [doc]")
def result_scan(db):
    people(db)
    db.run("SHOW TABLES IN SCHEMA PUBLIC")
    same(
        db.rows('SELECT "name", "rows" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = ?', ("PEOPLE",)),
        [("PEOPLE", 3)],
    )


@statement("a key pair signs in without a password (1.6)")
def key_pair(_):
    given = {
        "user": os.environ["PEERS_KEY_PAIR_USER"],
        "authenticator": "SNOWFLAKE_JWT",
        "private_key_file": os.environ["PEERS_PRIVATE_KEY_FILE"],
    }
    with Session(**given) as robot:
        same(robot.rows("SELECT CURRENT_USER(), CURRENT_ROLE()"), [("ROBOT", "LOADER")])
