"""`python -m tests.oracle --seed N --stories K`: play stories with the oracle and with the system; print what differs."""

import argparse
import json
import sys
import time

from balabaqsha.commands import starting
from tests.oracle import comparing, stories

# Rows of stories that were undone make tables slow.
IN_ONE_DATABASE = 25


def main() -> int:
    """Status 1 when a story is told differently."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first story; each next one adds 1")
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--regime", choices=("voucher", "linear"), default="voucher")
    parser.add_argument("--go-on", action="store_true", help="name every story that differs, none made shorter")
    asked = parser.parse_args()
    starting.set_up("balabaqsha.config.rehearsing")
    began, differing = time.monotonic(), 0
    for first in range(asked.seed, asked.seed + asked.stories, IN_ONE_DATABASE):
        with comparing.scratch():
            for seed in range(first, min(first + IN_ONE_DATABASE, asked.seed + asked.stories)):
                differing += not _agree(seed, asked)
                if differing and not asked.go_on:
                    return 1
        print(f"{first}...: {differing} told differently, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if differing else 0


def _agree(seed: int, asked: argparse.Namespace) -> bool:
    story = stories.story(seed, regime=asked.regime)
    lines = comparing.difference(story)
    if lines:
        print(f"seed {seed}", *lines, sep="\n", flush=True)
    if lines and not asked.go_on:
        short = comparing.shortest(story)
        print("shortest:", *comparing.difference(short), _written(short), sep="\n", flush=True)
    return not lines


def _written(story: dict) -> str:
    steps = ",\n  ".join(json.dumps(step, ensure_ascii=False) for step in story["steps"])
    head = {key: value for key, value in story.items() if key != "steps"}
    return json.dumps(head, ensure_ascii=False)[:-1] + f',\n "steps": [\n  {steps}\n]}}'


if __name__ == "__main__":
    sys.exit(main())
