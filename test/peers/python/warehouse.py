"""The warehouse's sessions, and the list of statements that are tried on it."""

import os

import snowflake.connector

STATEMENTS = []


def statement(name):
    """Puts a function on the list under a name that says what Snowflake does."""

    def listed(test):
        STATEMENTS.append((name, test))
        return test

    return listed


class Session:
    """A connection, signed in with user and password unless told otherwise; binds by `?`."""

    def __init__(self, **options):
        given = {
            "account": os.environ["SNOWFLAKE_ACCOUNT"],
            "host": os.environ["SNOWFLAKE_HOST"],
            "port": int(os.environ["SNOWFLAKE_PORT"]),
            "protocol": os.environ["SNOWFLAKE_PROTOCOL"],
            "user": os.environ["SNOWFLAKE_USER"],
            "role": os.environ["SNOWFLAKE_ROLE"],
            "warehouse": os.environ["SNOWFLAKE_WAREHOUSE"],
            "database": os.environ["SNOWFLAKE_DATABASE"],
            "schema": os.environ["SNOWFLAKE_SCHEMA"],
            "paramstyle": "qmark",
            # A lock that nobody gives up is refused rather than waited for.
            "session_parameters": {"TIMEZONE": "America/Los_Angeles", "LOCK_TIMEOUT": 20},
        }
        if "authenticator" not in options:
            given["password"] = os.environ["SNOWFLAKE_PASSWORD"]
        self.connection = snowflake.connector.connect(**{**given, **options})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def run(self, sql, values=None):
        """The cursor after a statement."""
        cursor = self.connection.cursor()
        cursor.execute(sql, values)
        return cursor

    def run_many(self, sql, rows):
        cursor = self.connection.cursor()
        cursor.executemany(sql, rows)
        return cursor

    def rows(self, sql, values=None):
        return self.run(sql, values).fetchall()

    def value(self, sql, values=None):
        """The only cell of a result."""
        [[cell]] = self.rows(sql, values)
        return cell

    def refusal(self, sql, values=None):
        """Number and SQL state with which a statement is refused."""
        return refusal_of(lambda: self.run(sql, values))


def refusal_of(act):
    try:
        act()
    except snowflake.connector.errors.Error as error:
        return (error.errno, error.sqlstate)
    raise AssertionError("It was not refused.")


def same(actual, expected):
    """Equal in value and in Python's type: True is not 1 here, nor 12 Decimal(12)."""
    if actual == expected and shape(actual) == shape(expected):
        return
    raise AssertionError(f"expected {expected!r}, got {actual!r}")


def shape(value):
    if isinstance(value, (list, tuple)):
        return [shape(one) for one in value]
    # Connector 5 brings BINARY as bytearray.
    return bytes if isinstance(value, bytearray) else type(value)
