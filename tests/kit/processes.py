"""Processes seen from outside, for tests of what is left of them."""

import time

import psutil


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, giving the system a moment."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
