"""What a test needs of the machine that runs it: tests/support/needs.hpp, for Python."""

import functools
import os
import unittest


def needs(is_there: bool, what: str):
    """Decorates a test or a class of tests. Without `what` it fails in continuous integration (CI is set), and is skipped elsewhere."""
    if is_there:
        return lambda test: test
    if os.environ.get("CI", "") in ("", "0", "false"):
        return unittest.skip(f"{what} is missing")

    def failing(test):
        def refuse(case):
            case.fail(f"continuous integration needs {what}")

        if not isinstance(test, type):
            return functools.wraps(test)(refuse)
        test.setUp = refuse
        return test

    return failing
