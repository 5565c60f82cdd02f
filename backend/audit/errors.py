"""The ways in which the product says no; the exception handler turns them into responses."""

from typing import Any


class RuleBroken(Exception):
    """A rule of the protocol forbids this now. `code` is stable, `text` is for people, `extra` goes with them."""

    def __init__(self, code: str, text: str, **extra: Any) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.extra = extra


class Unfit(RuleBroken):
    """What was sent cannot be taken as it is; `text` names the place. Sent otherwise it may be."""


class NotFound(Exception):
    """The thing is missing, or this person may not know of it: nobody can tell which."""


class InvalidInput(Exception):
    """What was sent cannot be accepted; `fields` names each part and what is wrong with it."""

    def __init__(self, text: str, fields: dict[str, str]) -> None:
        super().__init__(text)
        self.text = text
        self.fields = fields
