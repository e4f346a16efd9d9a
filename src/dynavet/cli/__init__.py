"""The command; each module here is one of its parts."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

CRASHED = 2
TERMINATED = 128 + signal.SIGTERM

SELDOM = (300_000, 3, 3)
"""After how many new objects, 30 MB or so, the garbage collector looks for circles, and how often among older ones.

A scan makes few, the largest being a project that is done with; looking for them takes up to a tenth of its time.
"""


def main() -> None:
    """Run the command with the arguments of this process, and exit."""
    try:
        _run()
    except SystemExit as ended:
        _exit_at_once(ended.code)
        raise


def _exit_at_once(status: object) -> None:
    """End the process without taking everything in it apart, which is a fifth of a small scan.

    Where something cannot be written any more it is left to Python to say so, and where a profiler, a debugger or the
    like looks on, it shall see the end.
    """
    if not isinstance(status, int) or _is_watched():
        return
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # None where there is no such stream, or it is closed
        return
    os._exit(status)


def _is_watched() -> bool:
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    tools = [] if monitoring is None else [monitoring.get_tool(number) for number in range(6)]
    return sys.getprofile() is not None or sys.gettrace() is not None or any(tools)


def _run() -> None:
    from dynavet.cli.root import command

    gc.set_threshold(*SELDOM)
    # As an interrupt does, it lets go of helper files and processes on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        command(prog_name="dynavet")
    except Exception as error:
        import click

        from dynavet.reporters.lines import inert, safe

        click.echo(inert(safe(f"error: dynavet crashed: {type(error).__name__}: {error}{_place(error)}")), err=True)
        sys.exit(CRASHED)


def _place(error: Exception) -> str:
    """Where in the code an error came up, for those who mend it; no line of what was scanned."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f" ({last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno})"
