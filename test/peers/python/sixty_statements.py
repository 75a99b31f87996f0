"""Runs sixty statements of a data engineer through whichever Snowflake connector is installed.

The warehouse is named by the SNOWFLAKE_* variables that `dadosfera emulator` prints. Each statement is judged by
what Snowflake answers, and gets one line of JSON: its name, and the problem with its answer or null. Marks in the
names say where the expectation comes from: a number is a fact of the project's notes on Snowflake, [doc] Snowflake's
documentation, [driver] the connector's own source, [mem] general knowledge.
"""

import json
import traceback

from warehouse import STATEMENTS, Session

import definitions  # noqa: F401
import binds  # noqa: F401
import values  # noqa: F401
import changes  # noqa: F401
import transactions  # noqa: F401
import refusals  # noqa: F401
import earlier_results  # noqa: F401


def problem_of(test, session):
    try:
        test(session)
    except Exception:
        return traceback.format_exc()
    return None


def main():
    with Session() as session:
        for name, test in STATEMENTS:
            print(json.dumps({"statement": name, "problem": problem_of(test, session)}), flush=True)


if __name__ == "__main__":
    main()
