"""Colour and width follow what the text report is shown on."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="needs a system with pseudo-terminals")
PROJECT = Path(__file__).parent / "golden" / "project"
COMMAND = [sys.executable, "-m", "dynavet", "scan", "--select", "DDB101,DDB201", "--show", "all"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What the command writes to a terminal of that width."""
    import fcntl
    import termios

    monkeypatch.chdir(PROJECT)

    def run(width: int = 80, **environment: str) -> str:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        env = os.environ | {"TERM": "xterm"} | environment
        process = subprocess.Popen(COMMAND, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=env)
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
        os.close(ours)
        assert process.wait(60) == 1
        return b"".join(parts).decode().replace("\r\n", "\n")

    return run


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so at the end
        return b""


def test_a_terminal_has_colour(terminal: Callable[..., str]) -> None:
    assert "\x1b[31m" in terminal()


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_turned_off(terminal: Callable[..., str], environment: dict[str, str]) -> None:
    shown = terminal(**environment)
    assert "\x1b" not in shown
    assert shown == re.sub(r"\x1b\[[\d;]*m", "", terminal())


def test_a_pipe_has_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    ran = subprocess.run(COMMAND, capture_output=True, env=os.environ | {"TERM": "xterm"}, text=True, check=False)
    assert ran.returncode == 1
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize("width", [50, 100])
def test_messages_are_wrapped_to_the_width(terminal: Callable[..., str], width: int) -> None:
    lines = terminal(width, NO_COLOR="1").splitlines()
    message = [line for line in lines if line.startswith("      ") and "|" not in line]
    assert message and max(map(len, message)) <= width
    assert any(len(line) > 40 for line in message)
