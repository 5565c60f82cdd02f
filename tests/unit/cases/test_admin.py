from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from backend.cases.models import Case
from backend.cases.services import import_paths
from tests.factories.cases import center, person
from tests.factories.dicom_files import write_series
from tests.factories.storage import media

__all__ = ["media"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.parametrize("model", ["case", "caseseries", "caseimage", "casemask"])
def test_the_operator_looks_and_changes_nothing(tmp_path: Path, client: Client, model: str) -> None:
    write_series(tmp_path / "sent")
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    import_paths(paths=[tmp_path / "sent"], center=center("A"), by=None, now=now)
    client.force_login(person("operator", is_operator=True))
    assert client.get(reverse(f"admin:cases_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:cases_{model}_add")).status_code == 403
    case = Case.objects.get()
    assert client.get(reverse("admin:cases_case_change", args=[case.pk])).status_code == 200
    assert client.post(reverse("admin:cases_case_change", args=[case.pk]), {"number": "X"}).status_code == 403
    assert client.post(reverse("admin:cases_case_delete", args=[case.pk]), {"post": "yes"}).status_code == 403
