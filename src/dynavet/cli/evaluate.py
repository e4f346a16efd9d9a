"""``dynavet evaluate``: whether given policies allow given requests."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dynavet.cli.errors import CannotBeDone
from dynavet.cli.output import echo


@click.command(short_help="Decide whether policies allow a request.")
@click.argument("file", metavar="FILE")
@click.pass_context
def command(ctx: click.Context, file: str) -> None:
    """Decide the requests in FILE by the policies there, as IAM would.

    FILE is JSON; - is standard input. It holds one case, a list of cases, or "cases" with
    common "policies". The decisions are printed as JSON.

    \b
    {"request": {"principal": "arn:aws:iam::111122223333:user/ann",
                 "action": "dynamodb:GetItem",
                 "resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                 "context": {"aws:SourceVpce": {"unknown": "not deployed yet"}}},
     "policies": {"identity": [{"Statement": []}]},
     "expect": "denied"}

    Status: 0 all cases were decided, or are as undecided as can be; 1 one is not what its
    "expect" says; 2 the input cannot be used.
    """
    from dynavet.decision_json import decision_json
    from dynavet.evaluation_cases import read_cases
    from dynavet.iam import evaluate
    from dynavet.json_cursor import InputError

    try:
        given = read_cases(_read(file), file, Path() if file == "-" else Path(file).parent)
    except InputError as error:
        raise CannotBeDone(str(error)) from error
    decided = [(case, evaluate(case.request, case.policies)) for case in given.cases]
    rows = [decision_json(case, decision) for case, decision in decided]
    echo(json.dumps(rows[0] if given.single else rows, indent=2) + "\n")
    unmet = [(index, case, found) for index, (case, found) in enumerate(decided) if not case.is_met_by(found)]
    for index, case, found in unmet:
        click.echo(f"{case.name or f'case {index}'}: expected {case.expect}, found {found.outcome.value}", err=True)
    ctx.exit(1 if unmet else 0)


def _read(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as stream:
            text: str = stream.read()
            return text
    except UnicodeDecodeError as error:
        raise CannotBeDone(f"{file} is not UTF-8") from error
    except OSError as error:
        raise CannotBeDone(f"{file} cannot be read: {error.strerror}") from error
