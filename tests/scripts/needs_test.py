#!/usr/bin/env python3
"""A test in Python whose needs are not met is never taken for one that passed."""

import os
import subprocess
import sys
import unittest

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support")
TESTS = """
import unittest
from needs import needs

class Single(unittest.TestCase):
    @needs(False, "the moon")
    def test_one(self):
        pass
    @needs(True, "the earth")
    def test_other(self):
        pass

@needs(False, "the sun")
class Whole(unittest.TestCase):
    def setUp(self):
        pass
    def test_all(self):
        pass

unittest.main()
"""


class Needs(unittest.TestCase):
    def told(self, **environment):
        clean = {name: value for name, value in os.environ.items() if name != "CI"}
        done = subprocess.run([sys.executable, "-c", TESTS], env={**clean, "PYTHONPATH": SUPPORT, **environment}, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def test_elsewhere_it_is_skipped_with_a_word(self):
        code, text = self.told()
        self.assertEqual(code, 0, text)
        self.assertIn("Ran 3 tests", text)
        self.assertIn("skipped=2", text)

    def test_in_continuous_integration_it_fails(self):
        code, text = self.told(CI="true")
        self.assertNotEqual(code, 0)
        self.assertIn("failures=2", text)
        for what in ("the moon", "the sun"):
            self.assertIn(f"continuous integration needs {what}", text)


if __name__ == "__main__":
    unittest.main()
