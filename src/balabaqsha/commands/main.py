"""The `balabaqsha` command line: words in, one call, words out. Django is imported only where a command needs it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from balabaqsha.commands.starting import WRONG_USE, quit_in_one_line
from balabaqsha.config import env

_HIGHEST_PORT = 65533

_Commands = "argparse._SubParsersAction[_Parser]"
_Run = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and ends with status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 not done or "no", 2 used wrongly."""
    env.choose(DJANGO_SETTINGS_MODULE="balabaqsha.config.settings")
    chosen = build_parser().parse_args(arguments)
    return quit_in_one_line(lambda: int(chosen.run(chosen)))


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = _Parser(
        prog="balabaqsha",
        description="Places in kindergartens, given openly and explained.",
        epilog="balabaqsha COMMAND --help says more. Settings come from the environment: see docs/operations.md.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_servers(commands)
    _add_demonstration(commands)
    _add_tools(commands)
    _add_proofs(commands)
    _add_lists(commands)
    return parser


def _add_servers(commands: _Commands) -> None:
    up = _command(commands, "up", _up, "start everything: database, demonstration town, web, worker, state systems")
    up.add_argument("--port", type=_port, metavar="PORT", help="port of the portal (8000); two more follow it")
    up.add_argument("--data", type=Path, metavar="FOLDER", help="data folder (./var)")
    _command(commands, "web", _web, "serve the pages")
    _command(commands, "worker", _worker, "run the jobs: what falls due, messages, the seals of the journal")
    _command(commands, "sandbox", _sandbox, "serve the state systems of the demonstration")


def _add_demonstration(commands: _Commands) -> None:
    demo = _command(commands, "demo", _demo, "build the demonstration town")
    demo.add_argument("--fresh", action="store_true", help="throw away everything that is there first")
    demo.add_argument("--seed", type=int, default=1, metavar="NUMBER", help="the same seed makes the same town (1)")
    clock = _command(commands, "clock", _clock, "shift the demonstration clock, or read it")
    clock.add_argument("shift", help="+2wd (working days), +3d (days), +5h (hours), or now to read it")
    rehearse = _command(commands, "rehearse", _rehearse, "play a story and print what becomes of everybody")
    rehearse.add_argument("file", type=Path, metavar="FILE", help="a story in JSON")


def _add_proofs(commands: _Commands) -> None:
    verify_run = _command(
        commands, "verify-run", _verify_run, "recompute a distribution run from its public file alone"
    )
    verify_run.add_argument("file", type=Path, metavar="FILE", help="as the protocol's page gives it")
    document = _command(
        commands, "verify-document", _verify_document, "say whether a signature file fits a document, and whose it is"
    )
    document.add_argument("file", type=Path, metavar="FILE.pdf", help="the document, byte for byte")
    document.add_argument("signature", type=Path, metavar="FILE.cms", help="its signature: DER, base64 or PEM")
    document.add_argument(
        "--authorities",
        type=Path,
        metavar="FOLDER",
        help="judge without a portal, by the certificates and revocation lists (.crl) of this folder",
    )
    document.add_argument(
        "--at",
        default="",
        metavar="MOMENT",
        help="with --authorities: as of when, for example 2026-11-18T10:00:00+05:00",
    )
    document.epilog = (
        "A signature that the portal took is judged by the evidence that it kept, as of the moment of signing."
        " Status 0: it holds; 1: it does not."
    )


def _add_tools(commands: _Commands) -> None:
    deadline = _command(commands, "deadline", _deadline, "say when a term ends, and why")
    deadline.add_argument("moment", metavar="MOMENT", help="for example 2024-09-30T15:37:26+05:00")
    deadline.add_argument("length", metavar="LENGTH", help="5wd working days, 30d days, 24h hours, 1mo months")
    iin = _command(commands, "iin", _iin, "check an individual identification number")
    iin.add_argument("number", metavar="NUMBER", help="twelve digits")
    check = _command(
        commands, "check", _check, "look for rows that should be impossible and for work that stands still"
    )
    check.add_argument(
        "--language", choices=("kk", "ru", "en"), default="en", help="in which to say what is found (en)"
    )
    check.epilog = (
        "The worker does the same each night. What is found is shown on the department's first page until it is gone."
        " Status 0: nothing is wrong; 1: something is."
    )
    journal = _group(commands, "journal", "the journal of decisions")
    _command(journal, "verify", _verify, "recompute the hash chain and say whether it holds")
    territories = _group(commands, "territories", "the tree of territories (KATO)")
    importing = _command(territories, "import", _import, "read an edition of the national classifier")
    importing.add_argument(
        "file", type=Path, metavar="FILE", help="CSV: te, ab, cd, ... or kato, name_kk, name_ru, ..."
    )


def _add_lists(commands: _Commands) -> None:
    queue = _command(
        commands,
        "import-queue",
        _import_queue,
        "check a list of an earlier system, and carry it over once it is confirmed",
    )
    queue.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, XLS or ODS")
    queue.add_argument("--territory", required=True, metavar="CODE", help="whose line it is: a code of the classifier")
    queue.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADING",
        help="which column is what, where it is not found",
    )
    queue.add_argument("--confirm", action="store_true", help="carry the sound rows over")
    queue.add_argument("--report", type=Path, metavar="FILE", help="write every row with a fault into this CSV")
    queue.add_argument("--comparison", type=Path, metavar="FILE", help="write places before and after into this CSV")


def _command(commands: _Commands, name: str, run: _Run, words: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _group(commands: _Commands, name: str, words: str) -> _Commands:
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to {_HIGHEST_PORT}")
    return int(text)


def _up(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import up

    return up.run(port=chosen.port, data=chosen.data)


def _web(_: argparse.Namespace) -> int:
    from balabaqsha.commands import serving

    return serving.web()


def _worker(_: argparse.Namespace) -> int:
    from balabaqsha.commands import serving

    return serving.worker()


def _sandbox(_: argparse.Namespace) -> int:
    from balabaqsha.commands import serving

    return serving.sandbox()


def _demo(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import demo

    return demo.run(seed=chosen.seed, fresh=chosen.fresh)


def _clock(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import clock

    return clock.run(chosen.shift)


def _rehearse(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import rehearse

    return rehearse.run(chosen.file)


def _deadline(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import deadline

    return deadline.run(chosen.moment, chosen.length)


def _iin(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import iin

    return iin.run(chosen.number)


def _verify(_: argparse.Namespace) -> int:
    from balabaqsha.commands import registers

    return registers.verify_journal()


def _verify_run(chosen: argparse.Namespace) -> int:
    from balabaqsha.vouchers import verify

    lines, holds = verify.verify(chosen.file)
    print("\n".join(lines))
    return 0 if holds else 1


def _verify_document(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import document

    return document.run(
        document=chosen.file, signature=chosen.signature, authorities=chosen.authorities, moment=chosen.at
    )


def _check(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import check

    return check.run(chosen.language)


def _import(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import registers

    return registers.import_territories(chosen.file)


def _import_queue(chosen: argparse.Namespace) -> int:
    from balabaqsha.commands import importing

    return importing.run(
        file=chosen.file,
        territory=chosen.territory,
        chosen=chosen.column,
        confirm=chosen.confirm,
        report=chosen.report,
        comparison=chosen.comparison,
    )


if __name__ == "__main__":
    sys.exit(main())
