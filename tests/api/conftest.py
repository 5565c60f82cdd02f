import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _quiet_refusals() -> Iterator[None]:
    """Django logs every 4xx answer; thousands of refusals are what these tests ask for."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)
