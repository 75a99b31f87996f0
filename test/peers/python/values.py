"""Values that come out, as Python's types, and the descriptions of their columns."""

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from snowflake.connector import DictCursor

from warehouse import same, statement


@statement("NUMBER of scale 0 is an int, to the 38th digit [driver]")
def integers(db):
    digits = "12345678901234567890123456789012345678"
    same(db.rows(f"SELECT {digits}::NUMBER(38,0), 9007199254740993, -1"), [(int(digits), 9007199254740993, -1)])


@statement("NUMBER with a scale is a Decimal with all its digits [driver]")
def decimals(db):
    [row] = db.rows("SELECT 12.5::NUMBER(12,2), 0::NUMBER(12,2), -0.000001::DECIMAL(20,6)")
    same([str(value) for value in row], ["12.50", "0.00", "-0.000001"])
    same(type(row[0]), Decimal)


@statement("FLOAT is a float, and BOOLEAN a bool [driver]")
def floats_and_booleans(db):
    same(db.rows("SELECT 1.5::FLOAT, 1e300::DOUBLE, 1 = 1, 1 > 1, NULL::BOOLEAN"), [(1.5, 1e300, True, False, None)])


@statement("DATE is a date from year 1 to 9999, and TIME a time with microseconds [doc]")
def dates_and_times(db):
    same(
        db.rows("SELECT '0001-01-01'::DATE, '1969-12-31'::DATE, '9999-12-31'::DATE"),
        [(date(1, 1, 1), date(1969, 12, 31), date(9999, 12, 31))],
    )
    same(db.rows("SELECT '10:11:12.123456'::TIME, '00:00:00'::TIME"), [(time(10, 11, 12, 123456), time(0, 0))])


@statement("TIMESTAMP_NTZ is a datetime without zone, and drops an offset that was written (6)")
def timestamps(db):
    same(
        db.rows("SELECT '2026-01-02 03:04:05.678901'::TIMESTAMP_NTZ, '2026-01-02 03:04:05 +03:00'::TIMESTAMP_NTZ"),
        [(datetime(2026, 1, 2, 3, 4, 5, 678901), datetime(2026, 1, 2, 3, 4, 5))],
    )


@statement("TIMESTAMP_LTZ is a datetime in the session's time zone [doc]")
def local_timestamps(db):
    at = db.value("SELECT '2026-01-02 03:04:05 +00:00'::TIMESTAMP_LTZ")
    same(at, datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc).astimezone(at.tzinfo))
    same(at.utcoffset(), timedelta(hours=-8))


@statement("TIMESTAMP_TZ is the instant that was written [doc]")
def zoned_timestamps(db):
    at = db.value("SELECT '2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ")
    same(at.astimezone(timezone.utc), datetime(2026, 1, 1, 21, 34, 5, tzinfo=timezone.utc))


@statement("VARIANT is JSON as text [driver]")
def variants(db):
    same(json.loads(db.value("""SELECT PARSE_JSON('{"a": [1, null, "é"]}')""")), {"a": [1, None, "é"]})


@statement("BINARY is bytes, from X'…' and from TO_BINARY [doc]")
def binaries(db):
    same(db.rows("SELECT X'00FF', TO_BINARY('é', 'UTF-8')"), [(b"\x00\xff", "é".encode())])


@statement("VARCHAR is a str, and an empty one is not NULL [doc]")
def texts(db):
    same(db.rows("SELECT '', NULL, 'it''s', 'a\\nb', '☃😀', LENGTH('☃😀')"), [("", None, "it's", "a\nb", "☃😀", 2)])


@statement("fetchmany brings 10,000 rows, batch by batch and in order [driver]")
def batches(db):
    db.run("CREATE OR REPLACE TABLE DIGITS AS SELECT COLUMN1 AS N FROM VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)")
    cursor = db.run(
        "SELECT A.N * 1000 + B.N * 100 + C.N * 10 + D.N AS N, 'row ' || A.N FROM DIGITS A"
        " CROSS JOIN DIGITS B CROSS JOIN DIGITS C CROSS JOIN DIGITS D ORDER BY 1"
    )
    same(cursor.rowcount, 10000)
    sizes, numbers = [], []
    while batch := cursor.fetchmany(3000):
        sizes.append(len(batch))
        numbers += [number for number, _ in batch]
    same(sizes, [3000, 3000, 3000, 1000])
    same(numbers, list(range(10000)))


@statement("a DictCursor names values by column; COUNT(*) is named COUNT(*) (8b.7)")
def named_values(db):
    cursor = db.connection.cursor(DictCursor)
    cursor.execute("select count(*), max(n) as \"Top\", 1 as one from DIGITS")
    same(cursor.fetchall(), [{"COUNT(*)": 10, "Top": 9, "ONE": 1}])


@statement("describe names columns and types, and NOT NULL, without a row being read [driver]")
def described(db):
    columns = db.connection.cursor().describe("SELECT ID, PRICE, NAME, PAID, SEEN FROM SALES")
    same([column.name for column in columns], ["ID", "PRICE", "NAME", "PAID", "SEEN"])
    same([column.type_code for column in columns], [0, 0, 2, 13, 8])
    same([(column.precision, column.scale) for column in columns[:2]], [(38, 0), (12, 2)])
    same(columns[2].internal_size, 40)
    same((columns[4].precision, columns[4].scale), (0, 9))
    same([column.is_nullable for column in columns], [False, True, True, True, True])


@statement("FF9 prints nine digits (8b.7)")
def nine_digits(db):
    text = db.value("SELECT TO_VARCHAR('2026-01-02 03:04:05.123456'::TIMESTAMP_NTZ, 'YYYY-MM-DD HH24:MI:SS.FF9')")
    same(text, "2026-01-02 03:04:05.123456000")


@statement("nulls sort as the highest values, also where QUALIFY picks the newest row (3.2)")
def nulls_are_highest(db):
    newest = (
        "SELECT COLUMN2 FROM VALUES (1, 10), (1, NULL), (2, 20)"
        " QUALIFY ROW_NUMBER() OVER (PARTITION BY COLUMN1 ORDER BY COLUMN2 DESC) = 1 ORDER BY 1"
    )
    same(db.rows(newest), [(20,), (None,)])
