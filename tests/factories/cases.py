"""Centers, people and cases, made as the product makes them."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from backend.accounts.models import Center, User
from backend.cases.models import Case, CaseSeries, MaskRole
from backend.cases.services import import_paths, mask_add

from .dicom import SIZE, SLICES, Original, write_examination


def center(code: str) -> Center:
    return Center.objects.get_or_create(code=code, defaults={"name": f"{code} University Hospital"})[0]


def person(username: str, *, password: str | None = None, is_operator: bool = False) -> User:
    """Somebody with an account; without a password nobody can sign in with it, but a test's client can."""
    user = User(
        username=username,
        display_name=f"Dr. {username.title()}",
        is_staff=is_operator,
        is_superuser=is_operator,
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    return user


def imported_cases(
    originals: Sequence[Original], *, at: Center, by: User | None, now: datetime, with_mask: bool = True
) -> list[Case]:
    """The examinations, through the door in one import, each with a node drawn on its T2W."""
    cases: list[Case] = []
    with tempfile.TemporaryDirectory() as folder:
        for original in originals:
            write_examination(original, Path(folder) / original.mark)
        report = import_paths(
            paths=[Path(folder)], center=at, by=by, now=now, each_case=lambda case, added: cases.append(case)
        )
    assert report.refused == []
    for case in cases if with_mask else []:
        draw_node(case, by=by, now=now)
    return cases


def draw_node(case: Case, *, by: User | None, now: datetime) -> None:
    node = np.zeros((SLICES, SIZE, SIZE), dtype=bool)
    node[2:4, 10:16, 10:16] = True
    series = CaseSeries.objects.get(case=case, role="T2W")
    mask_add(case=case, series=series, role=MaskRole.INDEX_NODE, array=node, by=by, now=now)
