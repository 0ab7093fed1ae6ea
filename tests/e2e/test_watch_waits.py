#!/usr/bin/env python3
"""The stalls of watch_stalls.py that take some seconds: slow data, tests that wait, stopped holders, unix sockets."""
import unittest

QUICK = ("w01_slow_download", "w05_deadlocked_test", "w19_terminal_read_in_the_background",
         "w21_server_of_a_unix_socket", "w22b_stopped_holder_of_a_lock", "w24_leaked_child")

if __name__ == "__main__":
    unittest.main("watch_stalls", defaultTest=[f"Stalls.test_{name}" for name in QUICK], verbosity=1)
