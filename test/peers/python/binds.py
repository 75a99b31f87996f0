"""Values that go in: each Python type, one by one, in arrays, and written into the statement by the connector."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from warehouse import Session, same, statement


def stored(db, column, value):
    """What comes back of a value that was bound into a column of SALES."""
    db.run("DELETE FROM SALES")
    db.run(f"INSERT INTO SALES (ID, {column}) VALUES (?, ?)", (1, value))
    return db.value(f"SELECT {column} FROM SALES")


@statement("a bound int, Decimal and float come back as they went in [driver]")
def numbers(db):
    same(stored(db, "PRICE", Decimal("1234567890.12")), Decimal("1234567890.12"))
    same(stored(db, "RATIO", 2.5e-7), 2.5e-7)
    db.run("INSERT INTO SALES (ID) VALUES (?)", (2**62,))
    same(db.value("SELECT MAX(ID) FROM SALES"), 2**62)


@statement("a bound str keeps accents, emoji, quotes, backslashes and line ends [driver]")
def texts(db):
    text = "São João's ☃ 😀 \\ \"quoted\"\nsecond line"
    same(stored(db, "NAME", text[:40]), text[:40])


@statement("a bound bool arrives as true or false (8b.5)")
def booleans(db):
    same(stored(db, "PAID", True), True)
    same(stored(db, "PAID", False), False)


@statement("a bound None is NULL, whatever the column [driver]")
def nulls(db):
    db.run("DELETE FROM SALES")
    db.run("INSERT INTO SALES (ID, PRICE, NAME, SEEN, RAW) VALUES (?, ?, ?, ?, ?)", (1, None, None, None, None))
    same(db.rows("SELECT PRICE, NAME, SEEN, RAW FROM SALES"), [(None, None, None, None)])


@statement("a bound date, and a bound time with microseconds [driver]")
def dates_and_times(db):
    same(stored(db, "DAY", date(1912, 6, 23)), date(1912, 6, 23))
    same(stored(db, "AT_TIME", time(23, 59, 58, 123456)), time(23, 59, 58, 123456))


@statement("a bound datetime arrives as TIMESTAMP_NTZ in nanoseconds (8b.5)")
def datetimes(db):
    same(stored(db, "SEEN", datetime(2026, 1, 2, 3, 4, 5, 678901)), datetime(2026, 1, 2, 3, 4, 5, 678901))
    same(stored(db, "SEEN", datetime(1969, 12, 31, 23, 59, 59, 500000)), datetime(1969, 12, 31, 23, 59, 59, 500000))


@statement("a datetime with an offset, bound as TIMESTAMP_TZ, is the same instant [driver]")
def datetimes_with_offset(db):
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    back = stored(db, "SEEN_TZ", ("TIMESTAMP_TZ", at))
    same((back == at, back.tzinfo is None), (True, False))


@statement("bound bytes go into BINARY [driver]")
def binaries(db):
    same(stored(db, "RAW", b"\x00\xff\x10"), b"\x00\xff\x10")


@statement("executemany sends one list for each column, and counts all rows (8b.5)")
def array_binds(db):
    db.run("CREATE OR REPLACE TABLE MANY (ID NUMBER, NAME VARCHAR, AT_DAY DATE, PRICE NUMBER(10,2))")
    rows = [(1, "ana", date(2026, 1, 1), Decimal("0.10")), (2, None, None, None), (3, "cid", date(2026, 1, 3), None)]
    same(db.run_many("INSERT INTO MANY (ID, NAME, AT_DAY, PRICE) VALUES (?, ?, ?, ?)", rows).rowcount, 3)
    same(db.rows("SELECT * FROM MANY ORDER BY ID"), rows)


@statement("executemany of 2,000 rows is one statement [driver]")
def many_rows(db):
    db.run("TRUNCATE TABLE MANY")
    first = datetime(2026, 1, 1)
    rows = [(n, f"name {n}", (first + timedelta(days=n)).date()) for n in range(2000)]
    cursor = db.run_many("INSERT INTO MANY (ID, NAME, AT_DAY) VALUES (?, ?, ?)", rows)
    same(cursor.rowcount, 2000)
    same(cursor.sfqid, db.value("SELECT LAST_QUERY_ID()"))
    same(db.rows("SELECT COUNT(*), SUM(ID), MAX(AT_DAY) FROM MANY"), [(2000, 1999000, date(2031, 6, 23))])


@statement("executemany of an UPDATE changes a row for each set of values [driver]")
def many_updates(db):
    db.run_many("UPDATE MANY SET NAME = ? WHERE ID = ?", [("zero", 0), ("one", 1)])
    same(db.rows("SELECT NAME FROM MANY WHERE ID < 2 ORDER BY ID"), [("zero",), ("one",)])


@statement("with pyformat the connector writes each value as a literal, bytes as X'…', and many rows as one INSERT [driver]")
def literals(db):
    values = (7, Decimal("1.50"), True, None, "it's \\ ☃", b"\x00\xff", date(2026, 1, 2), [1, 7])
    with Session(paramstyle="pyformat") as written:
        [row] = written.rows("SELECT %s, %s::NUMBER(5,2), %s, %s, %s, %s, %s::DATE WHERE 7 IN (%s)", values)
        same(row, (7, Decimal("1.50"), True, None, "it's \\ ☃", b"\x00\xff", date(2026, 1, 2)))
        same(written.value("SELECT %(a)s || %(b)s", {"a": "x", "b": "y"}), "xy")
        db.run("TRUNCATE TABLE MANY")
        same(written.run_many("INSERT INTO MANY (ID, NAME) VALUES (%s, %s)", [(1, "a'b"), (2, None)]).rowcount, 2)
    same(db.rows("SELECT ID, NAME FROM MANY ORDER BY ID"), [(1, "a'b"), (2, None)])
